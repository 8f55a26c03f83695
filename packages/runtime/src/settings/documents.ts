import { nameChecked } from './document-name.ts';
import { type Entry, type Settings, StaleWrite } from './settings.ts';

/** A document as it rests. A deleted one keeps its revision, so that a later one of its name goes on from it. */
export interface Resting {
  readonly revision: number;
  /** JSON text; absent once deleted. */
  readonly value?: string;
}

/** Where documents rest: `write` puts one there whole or not at all. */
export interface Documents {
  read(bucket: string, key: string): Promise<Resting | undefined>;
  write(bucket: string, key: string, document: Resting): Promise<void>;
  keys(bucket: string): Promise<string[]>;
  close(): Promise<void>;
}

type Handler = (key: string, value: unknown) => void;

/** Settings over documents that belong to this process: revisions, one write after another, watchers. */
export function settingsOver(
  documents: Documents,
  onError: (error: unknown, bucket: string) => void,
): Settings {
  const watchers = new Map<string, Set<Handler>>();
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  const checked = (bucket: string, key?: string): void => {
    if (closed) throw new Error('the settings are closed');
    nameChecked('bucket', bucket);
    if (key !== undefined) nameChecked('key', key);
  };
  const inTurn = <Result>(action: () => Promise<Result>): Promise<Result> => {
    const result = last.then(action);
    last = result.catch(() => {});
    return result;
  };
  const change = async (bucket: string, key: string, value: string | undefined, seen: number | undefined) => {
    const resting = await documents.read(bucket, key);
    const current = resting?.value === undefined ? 0 : resting.revision;
    if (seen !== undefined && seen !== current) {
      throw new StaleWrite(
        `document ${bucket}/${key} ${current === 0 ? 'does not exist' : `is at revision ${current}`}, not at ${seen}: read it again`,
      );
    }
    if (value === undefined && current === 0) return current;
    const revision = (resting?.revision ?? 0) + 1;
    await documents.write(bucket, key, value === undefined ? { revision } : { revision, value });
    for (const handler of watchers.get(bucket) ?? []) {
      try {
        handler(key, value === undefined ? undefined : JSON.parse(value));
      } catch (error) {
        onError(error, bucket);
      }
    }
    return revision;
  };

  return {
    async get(bucket, key) {
      checked(bucket, key);
      return entryOf(key, await documents.read(bucket, key));
    },
    async put(bucket, key, value, revision) {
      checked(bucket, key);
      const text = JSON.stringify(value);
      if (text === undefined) throw new Error(`document ${bucket}/${key} is refused: it is not JSON`);
      const written = await inTurn(() => change(bucket, key, text, revision));
      return { key, value: JSON.parse(text), revision: written };
    },
    async delete(bucket, key, revision) {
      checked(bucket, key);
      await inTurn(() => change(bucket, key, undefined, revision));
    },
    async list(bucket) {
      checked(bucket);
      const keys = (await documents.keys(bucket)).sort();
      const entries = await Promise.all(
        keys.map(async (key) => entryOf(key, await documents.read(bucket, key))),
      );
      return entries.filter((entry) => entry !== undefined);
    },
    watch(bucket, handler) {
      checked(bucket);
      // A wrapper of its own, so that watching twice with one handler and stopping once leaves one.
      const watcher: Handler = (key, value) => handler(key, value);
      const set = watchers.get(bucket) ?? new Set();
      watchers.set(bucket, set.add(watcher));
      return () => void set.delete(watcher);
    },
    async close() {
      if (closed) return;
      closed = true;
      watchers.clear();
      await last;
      await documents.close();
    },
  };
}

function entryOf(key: string, resting: Resting | undefined): Entry | undefined {
  if (resting?.value === undefined) return undefined;
  return { key, value: JSON.parse(resting.value), revision: resting.revision };
}
