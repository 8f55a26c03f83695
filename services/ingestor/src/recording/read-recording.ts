import { basename } from 'node:path';
import { printOfCsv } from './csv-row.ts';
import { detectRecording, type RecordingFormat, type RecordingOptions } from './detect.ts';
import { frameReader, unitsOf } from './frame-reader.ts';
import { readLines } from './lines.ts';
import { printOfNdjson } from './ndjson-row.ts';
import { rawLine } from './raw-line.ts';
import type { RecordedEvent, RecordedPrint } from './recorded-event.ts';
import { inTimeOrder } from './row-order.ts';
import { complain, type ReplaySummary } from './summary.ts';

/** What the lines of one file say, in order, in batches. What cannot be used is counted in `summary`, and does not stop the reading. */
export async function* readRecording(
  file: string,
  summary: ReplaySummary,
  options: RecordingOptions = {},
): AsyncGenerator<RecordedEvent[]> {
  const format = await detectRecording(file, options);
  const name = basename(file);
  notices(name, format, summary);
  const onTruncated = () => summary.truncated.push(file);
  if (format.kind === 'frames') yield* frameEvents(file, name, format, summary, onTruncated);
  else yield* inTimeOrder(rowEvents(file, name, format, summary, onTruncated), name, summary);
}

async function* frameEvents(
  file: string,
  name: string,
  format: RecordingFormat & { kind: 'frames' },
  summary: ReplaySummary,
  onTruncated: () => void,
): AsyncGenerator<RecordedEvent[]> {
  const read = frameReader(format.source, format.stream);
  const { venue } = format;
  const stream = format.source.startsWith('binance') ? format.stream : null;
  let at = 0;
  for await (const { first, lines } of readLines(file, onTruncated)) {
    const events: RecordedEvent[] = [];
    for (const [index, bytes] of lines.entries()) {
      const line = first + index;
      if (bytes === null) {
        complain(summary, 'refused', `${name} line ${line}`, 'it is longer than any frame');
        continue;
      }
      const raw = rawLine(bytes);
      if (raw.kind === 'other') {
        complain(
          summary,
          'refused',
          `${name} line ${line}`,
          'it is no frame, with or without a receive time',
        );
      }
      if (raw.kind !== 'frame') continue;
      const reading = read(raw.frame);
      switch (reading.kind) {
        case 'prints':
        case 'clock': {
          const { clock } = reading;
          at = Math.max(at, Number.isNaN(raw.received) ? clock : raw.received);
          const prints = reading.kind === 'prints' ? reading.prints : [];
          events.push({ at, clock, venue, stream, prints, line });
          break;
        }
        case 'unknown':
        case 'malformed':
          complain(summary, reading.kind, `${name} line ${line}`, `${reading.kind} frame: ${reading.what}`);
          break;
        case 'control':
        case 'closing':
        case 'refusal':
          break;
      }
    }
    if (events.length > 0) yield events;
  }
}

async function* rowEvents(
  file: string,
  name: string,
  format: RecordingFormat & { kind: 'ndjson' | 'csv' },
  summary: ReplaySummary,
  onTruncated: () => void,
): AsyncGenerator<RecordedEvent[]> {
  const { venue, symbol } = format;
  let headed = false;
  for await (const { first, lines } of readLines(file, onTruncated)) {
    const events: RecordedEvent[] = [];
    for (const [index, bytes] of lines.entries()) {
      if (bytes?.length === 0) continue;
      const line = first + index;
      let print: RecordedPrint | string;
      if (bytes === null) print = 'it is longer than any row';
      else if (format.kind === 'ndjson') print = printOfNdjson(bytes, symbol);
      else {
        const text = bytes.toString('utf8');
        // Lines before the header, and headers of files that were joined, are no rows.
        if (text === format.header.text) {
          headed = true;
          continue;
        }
        print = headed ? printOfCsv(text, format.header, symbol) : 'it comes before the header';
      }
      if (typeof print === 'string') complain(summary, 'refused', `${name} line ${line}`, print);
      else events.push({ at: print.time, clock: print.time, venue, stream: null, prints: [print], line });
    }
    if (events.length > 0) yield events;
  }
}

function notices(name: string, format: RecordingFormat, summary: ReplaySummary): void {
  const say = (notice: string) => {
    if (!summary.notices.includes(notice)) summary.notices.push(notice);
  };
  if (format.kind === 'frames') {
    const units = unitsOf(format.source);
    if (units !== undefined) say(`${name}: ${units}`);
  } else if (format.kind === 'csv' && format.header.columns.symbol === undefined) {
    say(`${name}: its rows name no symbol and are taken for ${format.symbol}`);
  }
}
