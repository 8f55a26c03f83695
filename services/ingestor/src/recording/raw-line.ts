import { epochMs } from './recorded-time.ts';

/** What a line of a recording of raw frames is. */
export type RawLine =
  /** `received` is ms, NaN where it was not recorded. */
  | { kind: 'frame'; received: number; frame: Buffer }
  | { kind: 'url'; url: string }
  | { kind: 'sent' }
  | { kind: 'blank' }
  | { kind: 'other' };

const other: RawLine = { kind: 'other' };
const websocket = Buffer.from('ws');
const received = /^\d+(\.\d+)?$/;
/** A nanosecond time has 19 digits. */
const longestTime = 30;

/** Takes a line apart: a frame, perhaps after its receive time; the connection's URL; or a frame that was sent (`<-`). */
export function rawLine(line: Buffer): RawLine {
  const first = line[0];
  if (first === undefined) return { kind: 'blank' };
  if (first === 0x7b || first === 0x5b) return { kind: 'frame', received: Number.NaN, frame: line };
  if (first >= 0x30 && first <= 0x39) return timed(line);
  if (line.subarray(0, 2).equals(websocket)) return addressed(line);
  return line.toString('latin1').trim() === '' ? { kind: 'blank' } : other;
}

function timed(line: Buffer): RawLine {
  let end = 1;
  while (end < line.length && end <= longestTime && isTime(line[end])) end++;
  const text = line.toString('latin1', 0, end);
  let from = end;
  while (from < line.length && isSeparator(line[from])) from++;
  if (!received.test(text) || from === end || from === line.length) return other;
  const time = epochMs(Number(text));
  return Number.isNaN(time) ? other : { kind: 'frame', received: time, frame: line.subarray(from) };
}

function addressed(line: Buffer): RawLine {
  const match = /^(wss?:\/\/\S+)(?: (<->|<-)(?: .*)?)?$/s.exec(line.toString('utf8'));
  if (match === null) return other;
  return match[2] === '<-' ? { kind: 'sent' } : { kind: 'url', url: match[1] as string };
}

function isTime(byte: number | undefined): boolean {
  return byte === 0x2e || (byte !== undefined && byte >= 0x30 && byte <= 0x39);
}

function isSeparator(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x3a;
}
