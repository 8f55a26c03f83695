import { setTimeout as sleep } from 'node:timers/promises';
import { headers, nuid } from 'nats';
import { ensureStreams } from '../nats-ensure.ts';
import {
  answerOf,
  askJetStream,
  faultCodes,
  headerIn,
  JetStreamFault,
  lastMessage,
  type StreamInfo,
} from '../nats-jetstream.ts';
import { type NatsLink, type NatsLinkOptions, natsLink } from '../nats-link.ts';
import { readStream } from '../nats-reader.ts';
import { nameChecked } from './document-name.ts';
import {
  bucketConfiguration,
  bucketStream,
  bucketSubject,
  documentIn,
  documentSubject,
  isDeleted,
  keyOf,
} from './nats-bucket.ts';
import { type Entry, type Settings, StaleWrite } from './settings.ts';

export interface NatsSettingsOptions extends NatsLinkOptions {
  /** Told of what a watcher threw, and of documents that no watcher can be told of. */
  readonly onError?: (error: unknown, bucket: string) => void;
  /** Longest time that a call waits for the server before it says that it cannot be done, ms (10,000). */
  readonly answersWithin?: number;
}

/** How long one attempt waits for its answer, ms. */
const attemptWithin = 2_000;
/** Documents that are asked for at once. */
const atOnce = 64;

/** Settings in JetStream's key-value store, for several processes. Waits until a server is there. */
export async function natsSettings(url: string, options: NatsSettingsOptions = {}): Promise<Settings> {
  const link = await natsLink(url, options);
  try {
    await ensureStreams(link, [bucketConfiguration], options);
    return new NatsSettings(link, options);
  } catch (error) {
    await link.close();
    throw error;
  }
}

class NatsSettings implements Settings {
  private readonly link: NatsLink;
  private readonly onError: (error: unknown, bucket: string) => void;
  private readonly answersWithin: number;
  private readonly closing = new AbortController();
  /** Watchers that do not watch yet: what is written or read meanwhile waits, so that they miss nothing. */
  private readonly beginning = new Set<Promise<void>>();

  constructor(link: NatsLink, { onError, answersWithin }: NatsSettingsOptions) {
    this.link = link;
    this.onError = onError ?? (() => {});
    this.answersWithin = answersWithin ?? 10_000;
  }

  async get(bucket: string, key: string): Promise<Entry | undefined> {
    await this.ready(bucket, key);
    return this.had(`document ${bucket}/${key}`, async () => (await this.current(bucket, key)).entry);
  }

  async put(bucket: string, key: string, value: unknown, revision?: number): Promise<Entry> {
    await this.ready(bucket, key);
    const text = JSON.stringify(value);
    if (text === undefined) throw new Error(`document ${bucket}/${key} is refused: it is not JSON`);
    const most = (this.link.connection.info?.max_payload ?? 2 ** 20) - 1_024;
    const size = Buffer.byteLength(text);
    if (size > most) {
      throw new Error(`document ${bucket}/${key} is refused: it has ${size} bytes, the server takes ${most}`);
    }
    const id = nuid.next();
    const written = await this.had(`document ${bucket}/${key}`, () =>
      this.write(bucket, key, text, revision, id),
    );
    return { key, value: JSON.parse(text), revision: written };
  }

  async delete(bucket: string, key: string, revision?: number): Promise<void> {
    await this.ready(bucket, key);
    const id = nuid.next();
    await this.had(`document ${bucket}/${key}`, async () => {
      const { entry, id: last } = await this.current(bucket, key, false);
      if (last === id) return;
      if (revision !== undefined && revision !== (entry?.revision ?? 0)) {
        throw stale(bucket, key, entry, revision);
      }
      if (entry !== undefined) await this.write(bucket, key, undefined, revision, id);
    });
  }

  async list(bucket: string): Promise<Entry[]> {
    await this.ready(bucket);
    return this.had(`bucket ${bucket}`, async () => {
      const keys = (await this.subjects(bucketSubject(bucket))).flatMap((subject) => keyOf(subject) ?? []);
      const entries: Entry[] = [];
      for (let at = 0; at < keys.length; at += atOnce) {
        const some = keys.slice(at, at + atOnce).map((key) => this.current(bucket, key));
        for (const { entry } of await Promise.all(some)) if (entry !== undefined) entries.push(entry);
      }
      return entries.sort((one, other) => (one.key < other.key ? -1 : 1));
    });
  }

  watch(bucket: string, handler: (key: string, value: unknown) => void): () => void {
    this.check(bucket);
    const stopping = new AbortController();
    const signal = AbortSignal.any([stopping.signal, this.closing.signal]);
    const begun = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      this.follow(bucket, handler, signal, resolve).catch((error) => {
        resolve();
        this.onError(error, bucket);
      });
    });
    this.beginning.add(begun);
    void begun.then(() => this.beginning.delete(begun));
    return () => stopping.abort();
  }

  async close(): Promise<void> {
    this.closing.abort(new Error('the settings are closed'));
    await this.link.close();
  }

  private async follow(
    bucket: string,
    handler: (key: string, value: unknown) => void,
    signal: AbortSignal,
    attached: () => void,
  ): Promise<void> {
    const { link } = this;
    const filter = bucketSubject(bucket);
    const reading = { link, stream: bucketStream, filter, newestOnly: true, signal, attached };
    for await (const { messages } of readStream({ ...reading, from: 'next' })) {
      for (const { message } of messages) {
        const key = keyOf(message.subject);
        if (key === undefined || signal.aborted) continue;
        try {
          const operation = message.headers?.get('KV-Operation') ?? '';
          const told = operation === '' ? '' : `KV-Operation: ${operation}`;
          handler(key, documentIn(message.data, told, `${bucket}/${key}`));
        } catch (error) {
          this.onError(error, bucket);
        }
      }
    }
  }

  /** Writes a document, or that it is deleted, and gives its revision. Under one id it may be tried again. */
  private async write(
    bucket: string,
    key: string,
    text: string | undefined,
    seen: number | undefined,
    id: string,
  ): Promise<number> {
    for (;;) {
      let expected = seen;
      if (seen === 0) {
        const { entry, id: last, revision } = await this.current(bucket, key, false);
        if (last === id) return revision;
        if (entry !== undefined) throw stale(bucket, key, entry, seen);
        // A deleted document leaves a trace, whose revision is the one to go on from.
        expected = revision;
      }
      try {
        return await this.store(documentSubject(bucket, key), text, id, expected);
      } catch (error) {
        if (!(error instanceof JetStreamFault) || error.code !== faultCodes.staleSequence) throw error;
        const { entry, id: last, revision } = await this.current(bucket, key, false);
        // It was this very write that came through, and only the answer was lost.
        if (last === id) return revision;
        if (seen !== 0 || entry !== undefined) throw stale(bucket, key, entry, seen ?? 0);
      }
    }
  }

  private async store(
    subject: string,
    text: string | undefined,
    id: string,
    expected: number | undefined,
  ): Promise<number> {
    const told = headers();
    told.append('Nats-Msg-Id', id);
    if (text === undefined) told.append('KV-Operation', 'DEL');
    if (expected !== undefined) told.append('Nats-Expected-Last-Subject-Sequence', `${expected}`);
    const options = { headers: told, timeout: attemptWithin };
    const answer = answerOf(await this.link.connection.request(subject, text ?? '', options));
    return (answer as { seq: number }).seq;
  }

  /** A document as it is now; `revision` is also that of the trace of a deleted one, or 0. */
  private async current(
    bucket: string,
    key: string,
    decode = true,
  ): Promise<{ entry: Entry | undefined; revision: number; id: string | undefined }> {
    const last = await lastMessage(this.link.connection, bucketStream, documentSubject(bucket, key));
    if (last === undefined) return { entry: undefined, revision: 0, id: undefined };
    const { sequence: revision } = last;
    const id = headerIn(last.headers, 'Nats-Msg-Id');
    if (isDeleted(last.headers)) return { entry: undefined, revision, id };
    const value = decode ? documentIn(last.data, last.headers, `${bucket}/${key}`) : undefined;
    return { entry: { key, value, revision }, revision, id };
  }

  private async subjects(filter: string): Promise<string[]> {
    const found: string[] = [];
    for (;;) {
      const asked = { subjects_filter: filter, offset: found.length };
      const { state, total } = await askJetStream<
        StreamInfo & { state: { subjects?: Record<string, number> }; total?: number }
      >(this.link.connection, `STREAM.INFO.${bucketStream}`, asked);
      const some = Object.keys(state.subjects ?? {});
      found.push(...some);
      if (some.length === 0 || found.length >= (total ?? found.length)) return found;
    }
  }

  /** Asks, again if the server is away for a while; then it says what could not be had, and why. */
  private async had<Result>(what: string, ask: () => Promise<Result>): Promise<Result> {
    const deadline = performance.now() + this.answersWithin;
    const left = () => Math.max(1, Math.ceil(deadline - performance.now()));
    for (;;) {
      try {
        await this.link.whenConnected(AbortSignal.timeout(left()));
        return await ask();
      } catch (error) {
        this.closing.signal.throwIfAborted();
        // The driver's own faults (no answer, no connection) have a code; JetStream's "not now" is 503.
        const passing = error instanceof JetStreamFault ? error.status === 503 : 'code' in (error as Error);
        if (passing && performance.now() < deadline && !this.link.ended.aborted) {
          await sleep(100);
          continue;
        }
        if (!passing && !(error instanceof JetStreamFault)) throw error;
        const reason = this.link.connected ? (error as Error).message : 'no connection';
        throw new Error(`${what} cannot be had: ${this.link.shown} says ${reason}`, { cause: error });
      }
    }
  }

  private check(bucket: string, key?: string): void {
    this.closing.signal.throwIfAborted();
    nameChecked('bucket', bucket);
    if (key !== undefined) nameChecked('key', key);
  }

  private async ready(bucket: string, key?: string): Promise<void> {
    this.check(bucket, key);
    if (this.beginning.size > 0) {
      const patience = sleep(this.answersWithin, undefined, { ref: false });
      await Promise.race([Promise.all(this.beginning), patience]);
    }
  }
}

function stale(bucket: string, key: string, entry: Entry | undefined, seen: number): StaleWrite {
  const now = entry === undefined ? 'does not exist' : `is at revision ${entry.revision}`;
  return new StaleWrite(`document ${bucket}/${key} ${now}, not at ${seen}: read it again`);
}
