import { type Resting, settingsOver } from './documents.ts';
import type { Settings } from './settings.ts';

export interface SettingsOptions {
  /** Told of what a watcher threw; the writer never is. */
  onError?: (error: unknown, bucket: string) => void;
}

/** Settings that last as long as the process: for replays and tests. */
export function memorySettings(options: SettingsOptions = {}): Settings {
  const buckets = new Map<string, Map<string, Resting>>();
  const documents = {
    read: async (bucket: string, key: string) => buckets.get(bucket)?.get(key),
    write: async (bucket: string, key: string, document: Resting) => {
      const held = buckets.get(bucket) ?? new Map<string, Resting>();
      buckets.set(bucket, held.set(key, document));
    },
    keys: async (bucket: string) => [...(buckets.get(bucket)?.keys() ?? [])],
    close: async () => {},
  };
  return settingsOver(documents, options.onError ?? (() => {}));
}
