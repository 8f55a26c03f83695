import { fileBytes } from './file-bytes.ts';

/** No frame that the wire takes is longer; with room for its receive time. */
export const longestLine = 4 * 1024 * 1024 + 256;

/** Consecutive lines of a file; null stands for one that is too long to be kept. */
export interface LineBatch {
  /** Number of the first line, from 1. */
  first: number;
  lines: (Buffer | null)[];
}

const newline = 0x0a;
const carriageReturn = 0x0d;

/** The lines of a plain or gzipped file, in batches as they come off the disk, in memory of a bounded size. */
export async function* readLines(file: string, onTruncated: () => void): AsyncGenerator<LineBatch> {
  let next = 1;
  let carried: Buffer[] = [];
  let length = 0;
  const finish = (tail: Buffer): Buffer | null => {
    const tooLong = length + tail.length > longestLine;
    const whole = carried.length === 0 ? tail : tooLong ? tail : Buffer.concat([...carried, tail]);
    carried = [];
    length = 0;
    return tooLong ? null : trimmed(whole);
  };
  for await (const bytes of fileBytes(file, onTruncated)) {
    const lines: (Buffer | null)[] = [];
    let from = 0;
    for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, from)) {
      lines.push(finish(bytes.subarray(from, at)));
      from = at + 1;
    }
    if (from < bytes.length) {
      length += bytes.length - from;
      if (length > longestLine) carried = [];
      else carried.push(bytes.subarray(from));
    }
    if (lines.length > 0) {
      yield { first: next, lines };
      next += lines.length;
    }
  }
  if (length > 0) yield { first: next, lines: [finish(Buffer.alloc(0))] };
}

function trimmed(line: Buffer): Buffer {
  const start = line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf ? 3 : 0;
  const end = line.at(-1) === carriageReturn ? line.length - 1 : line.length;
  return start === 0 && end === line.length ? line : line.subarray(start, end);
}
