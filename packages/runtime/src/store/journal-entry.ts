import { crc32 } from 'node:zlib';
import type { Change } from './store.ts';

/** The changes of one append, and its number among all appends. */
export interface JournalEntry {
  readonly number: number;
  readonly changes: readonly Change[];
}

/** An entry as one line, led by the checksum of the rest. */
export function lineOf({ number, changes }: JournalEntry): string {
  const body = JSON.stringify([number, changes]);
  return `${checksum(body)} ${body}\n`;
}

/**
 * The entries of a journal's text. Its last line may be torn, by a kill or a loss of power: whoever wrote it was never
 * told that it is durable, and it is left out. Throws one sentence if an earlier line is not as it was written.
 */
export function entriesOf(text: string): JournalEntry[] {
  const lines = text.split('\n');
  const torn = lines.pop();
  const last = torn === '' ? lines.length - 1 : lines.length;
  return lines.flatMap((line, at) => {
    const body = line.slice(9);
    if (line.slice(0, 9) === `${checksum(body)} `) {
      const [number, changes] = JSON.parse(body) as [number, Change[]];
      return [{ number, changes }];
    }
    if (at === last) return [];
    throw new Error(`line ${at + 1} is not as it was written`);
  });
}

const checksum = (body: string): string => crc32(body).toString(16).padStart(8, '0');
