import { basename } from 'node:path';
import type { Venue } from '@tandem/common';
import type { TradeStream } from '../venues/binance.ts';
import { isObject } from '../venues/json-value.ts';
import { type CsvHeader, csvHeader } from './csv-row.ts';
import { type FrameSource, parse, venueOf } from './frame-reader.ts';
import { isFrame, sourceOfFrame, sourceOfUrl, streamOfFrame } from './frame-source.ts';
import { readLines } from './lines.ts';
import { rowOf } from './ndjson-row.ts';
import { rawLine } from './raw-line.ts';
import { recordedSymbol } from './recorded-symbol.ts';
import { RecordingError } from './recording-error.ts';

/** What the user knows better than the content of the files. */
export interface RecordingOptions {
  /** The venue under whose name the trades are kept. */
  venue?: Venue | undefined;
  /** Which of Binance's trade streams is replayed. */
  stream?: TradeStream | undefined;
  /** The symbol of rows that name none. */
  symbol?: string | undefined;
}

/** How a file is to be read. */
export type RecordingFormat =
  | { kind: 'frames'; source: FrameSource; venue: Venue; stream: TradeStream }
  | { kind: 'ndjson'; venue: Venue; symbol: string | undefined }
  | { kind: 'csv'; venue: Venue; symbol: string | undefined; header: CsvHeader };

/** A file that says nothing recognisable in so many lines is none of ours. */
const mostStrangeLines = 100;
/** After the first aggregate, so many frames are searched for single fills, which come first if both were recorded. */
const streamSearch = 20_000;
/** Trades are short: longer frames are not parsed in the search for them. */
const longestTrade = 2_048;

/** Tells from the content of a file what it is: never from its name. */
export async function detectRecording(file: string, options: RecordingOptions): Promise<RecordingFormat> {
  const venue = options.venue ?? 'custom';
  let strange = 0;
  let frames: FrameSearch | undefined;
  for await (const { lines } of readLines(file, () => undefined)) {
    for (const line of lines) {
      if (line === null || line.length === 0) continue;
      if (frames === undefined) {
        const row = rowFormat(line);
        if (row === 'ndjson') return { kind: 'ndjson', venue, symbol: options.symbol };
        if (row !== undefined)
          return { kind: 'csv', venue, header: row, symbol: symbolFor(row, file, options) };
        if (isRaw(line)) frames = new FrameSearch(options.stream);
        else if (++strange > mostStrangeLines) throw new RecordingError(unreadable(file));
      }
      if (frames?.sees(line)) return frames.format(file, options);
    }
  }
  if (frames !== undefined) return frames.format(file, options);
  throw new RecordingError(unreadable(file));
}

/** Gathers what tells the venue and the stream of raw frames. */
class FrameSearch {
  readonly #wanted: TradeStream | undefined;
  #source: FrameSource | undefined;
  #certain = false;
  #stream: TradeStream | undefined;
  #searched = 0;

  constructor(wanted: TradeStream | undefined) {
    this.#wanted = wanted;
  }

  /** Takes in a line; true when no later line can change the verdict. */
  sees(line: Buffer): boolean {
    const raw = rawLine(line);
    if (raw.kind === 'url') {
      this.#source = sourceOfUrl(raw.url);
      this.#certain = this.#source !== undefined;
    }
    if (raw.kind === 'frame' && (this.#source === undefined || raw.frame.length <= longestTrade)) {
      const frame = parse(raw.frame);
      const stream = streamOfFrame(frame);
      if (!this.#certain) this.#source = sourceOfFrame(frame) ?? this.#source;
      // Other frames of Binance only hint at its market; a trade proves it.
      if (stream !== undefined) this.#certain = this.#source !== undefined;
      this.#stream = stream ?? this.#stream;
    }
    if (this.#source === undefined) return false;
    if (!this.#source.startsWith('binance')) return true;
    if (!this.#certain || (this.#stream === undefined && this.#wanted === undefined)) return false;
    return this.#wanted !== undefined || this.#stream === 'trade' || ++this.#searched > streamSearch;
  }

  format(file: string, options: RecordingOptions): RecordingFormat {
    const source = this.#source ?? namedSource(options.venue);
    if (source === undefined) {
      throw new RecordingError(
        `${file} holds frames of an exchange that is not known: name it with the option "venue"`,
      );
    }
    const stream = options.stream ?? this.#stream ?? 'trade';
    return { kind: 'frames', source, venue: options.venue ?? venueOf(source), stream };
  }
}

function namedSource(venue: Venue | undefined): FrameSource | undefined {
  if (venue === 'sim') return 'binance-usdm';
  return venue === 'custom' ? undefined : venue;
}

/** The header of a CSV, or that a line is a row of NDJSON; undefined if it is neither. */
function rowFormat(line: Buffer): CsvHeader | 'ndjson' | undefined {
  if (line[0] !== 0x7b) return csvHeader(line.toString('utf8'));
  const value = parse(line);
  if (!isObject(value) || isFrame(value)) return undefined;
  const row = rowOf(value);
  return row.time !== undefined && row.price !== undefined ? 'ndjson' : undefined;
}

function isRaw(line: Buffer): boolean {
  const raw = rawLine(line);
  if (raw.kind === 'url' || raw.kind === 'sent') return true;
  if (raw.kind !== 'frame') return false;
  // A receive time before something in brackets is proof enough, even of a frame that is broken.
  return !Number.isNaN(raw.received) || isFrame(parse(raw.frame));
}

/** Rows without a symbol need a name from somewhere: the user, else the first word of the file's name. */
function symbolFor(header: CsvHeader, file: string, options: RecordingOptions): string | undefined {
  if (header.columns.symbol !== undefined) return options.symbol;
  const symbol = options.symbol ?? recordedSymbol(/^[A-Za-z0-9]+/.exec(basename(file))?.[0]);
  if (symbol !== undefined) return symbol;
  throw new RecordingError(`${file} has no symbol column: name the instrument with the option "symbol"`);
}

function unreadable(file: string): string {
  return (
    `${file} is no recording: its lines are neither frames of an exchange, nor NDJSON ticks with time and price, ` +
    'nor CSV trades under a header that names time and price'
  );
}
