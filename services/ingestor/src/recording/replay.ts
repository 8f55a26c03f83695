import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { instrumentOf, type TickMessage, type Venue } from '@tandem/common';
import { ExchangeClock } from '../exchange-clock.ts';
import type { RecordingOptions } from './detect.ts';
import { mergeRecordings } from './merge.ts';
import { readRecording } from './read-recording.ts';
import type { RecordedEvent } from './recorded-event.ts';
import { RecordingError } from './recording-error.ts';
import { ReplayInstrument } from './replay-instrument.ts';
import { complain, emptySummary, type ReplaySummary } from './summary.ts';

/** How recordings become messages. */
export interface ReplayOptions extends RecordingOptions {
  /** How much recorded time one batch spans at most, ms. */
  batchMs?: number;
  /** Filled while the replay runs. */
  summary?: ReplaySummary;
}

/** Messages of a short stretch of recorded time. */
export interface ReplayBatch {
  /** Receive time of the stretch's end, ms: to pace the replay by. */
  at: number;
  messages: TickMessage[];
}

const usualBatch = 100;
const mostPrints = 5_000;
const heartbeatInterval = 1_000;
/** More instruments than any venue has: beyond, a file is hostile. */
const mostInstruments = 10_000;

interface VenueReplay {
  clock: ExchangeClock;
  instruments: Map<string, { stream: string | null; file: string; replay: ReplayInstrument }>;
  /** The second of exchange time in which heartbeats were last given. */
  beat: number;
}

/**
 * Recordings, in any number and order, as the messages that a live feed would have published, without REST: what the recordings
 * do not hold is declared as a gap. Fails with one sentence if a file is no recording or nothing at all can be read.
 */
export async function* replayMessages(
  files: readonly string[],
  options: ReplayOptions = {},
): AsyncGenerator<ReplayBatch, ReplaySummary> {
  const summary = options.summary ?? emptySummary();
  const span = options.batchMs ?? usualBatch;
  const replay = new Replay(summary);
  let prints = 0;
  let due = Number.NEGATIVE_INFINITY;
  let at = 0;
  const sources = (await distinct(files)).map((file) => ({
    file,
    events: readRecording(file, summary, options),
  }));
  for await (const { file, events } of mergeRecordings(sources)) {
    for (const event of events) {
      if (event.at >= due || prints >= mostPrints) {
        const messages = replay.take();
        if (messages.length > 0) yield { at: Math.floor(at), messages };
        prints = 0;
        due = event.at + span;
      }
      at = event.at;
      prints += event.prints.length;
      replay.offer(event, file);
    }
  }
  const messages = replay.end();
  if (!replay.hasPrints) throw new RecordingError(nothingRead(files, summary));
  if (messages.length > 0) yield { at: Math.floor(at), messages };
  return summary;
}

/** The instruments and clocks of all venues that the recordings hold. */
class Replay {
  readonly #summary: ReplaySummary;
  readonly #venues = new Map<Venue, VenueReplay>();
  #messages: TickMessage[] = [];
  hasPrints = false;

  constructor(summary: ReplaySummary) {
    this.#summary = summary;
  }

  offer(event: RecordedEvent, file: string): void {
    const venue = this.#venue(event.venue);
    if (!venue.clock.stated(event.clock, event.at)) {
      complain(
        this.#summary,
        'malformed',
        where(file, event),
        'its exchange time is far ahead of its neighbours',
      );
      return;
    }
    for (const print of event.prints) {
      this.hasPrints = true;
      const instrument = this.#instrument(venue, event, print.symbol, file);
      const refusal =
        instrument === undefined
          ? `there are more than ${mostInstruments} instruments`
          : instrument.offer(print, Math.floor(event.at));
      if (refusal !== undefined) complain(this.#summary, 'refused', where(file, event), refusal);
    }
    const clock = venue.clock.time as number;
    const beat = Math.floor(clock / heartbeatInterval);
    if (beat <= venue.beat) return;
    venue.beat = beat;
    for (const { replay } of venue.instruments.values()) this.#messages.push(...replay.heartbeat(clock));
  }

  /** What has become ready since the last call. */
  take(): TickMessage[] {
    for (const { instruments } of this.#venues.values()) {
      for (const { replay } of instruments.values()) this.#messages.push(...replay.take());
    }
    const messages = this.#messages;
    this.#messages = [];
    return messages;
  }

  end(): TickMessage[] {
    for (const { instruments, clock } of this.#venues.values()) {
      if (clock.time === null) continue;
      for (const { replay } of instruments.values()) this.#messages.push(...replay.end(clock.time));
    }
    return this.take();
  }

  #venue(name: Venue): VenueReplay {
    let venue = this.#venues.get(name);
    if (venue === undefined) {
      venue = { clock: new ExchangeClock(), instruments: new Map(), beat: 0 };
      this.#venues.set(name, venue);
    }
    return venue;
  }

  #instrument(
    venue: VenueReplay,
    event: RecordedEvent,
    symbol: string,
    file: string,
  ): ReplayInstrument | undefined {
    const known = venue.instruments.get(symbol);
    if (known !== undefined) {
      if (known.stream === event.stream) return known.replay;
      throw new RecordingError(
        `${symbol} comes as ${known.stream ?? 'rows'} in ${known.file} and as ${event.stream ?? 'rows'} in ${file}, ` +
          'whose ids have nothing in common: replay one of them, or choose with the option "stream"',
      );
    }
    if (venue.instruments.size >= mostInstruments) return undefined;
    const counts = { frames: 0, prints: 0, ticks: 0, filtered: 0, duplicates: 0, gaps: 0 };
    this.#summary.instruments[instrumentOf(event.venue, symbol)] = counts;
    const replay = new ReplayInstrument(event.venue, symbol, venue.clock, counts);
    venue.instruments.set(symbol, { stream: event.stream, file, replay });
    return replay;
  }
}

/** A file named twice is one file. */
async function distinct(files: readonly string[]): Promise<string[]> {
  const paths = await Promise.all(files.map((file) => realpath(file).catch(() => file)));
  return [...new Set(paths)];
}

function where(file: string, event: RecordedEvent): string {
  return `${basename(file)} line ${event.line}`;
}

function nothingRead(files: readonly string[], summary: ReplaySummary): string {
  const first = summary.complaints[0];
  const what = `no trade could be read from ${files.join(', ') || 'no files'}`;
  const bad = summary.refused + summary.malformed + summary.unknown;
  return first === undefined ? what : `${what}: ${bad} lines were of no use, the first being ${first}`;
}
