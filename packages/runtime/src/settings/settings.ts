/** A document and the revision by which a later write proves that it knew this version. */
export interface Entry {
  readonly key: string;
  readonly value: unknown;
  /** Grows with each write of the bucket's key; 0 is "does not exist". */
  readonly revision: number;
}

/** Small documents (studies, rules, endpoints, choices, positions) in buckets. Keys and bucket names: `[a-z0-9][a-z0-9._-]{0,99}`. */
export interface Settings {
  get(bucket: string, key: string): Promise<Entry | undefined>;

  /** Writes a document whole or not at all. With `revision` a write that did not see the current version is a `StaleWrite`. */
  put(bucket: string, key: string, value: unknown, revision?: number): Promise<Entry>;

  delete(bucket: string, key: string, revision?: number): Promise<void>;

  /** All documents of a bucket, by key. */
  list(bucket: string): Promise<Entry[]>;

  /**
   * Calls `handler` after each change of the bucket; `value` is undefined after a delete. Changes of one document in
   * quick succession may be told as the newest alone. What is read or written here after this call was not missed.
   * Returns what stops it.
   */
  watch(bucket: string, handler: (key: string, value: unknown) => void): () => void;

  close(): Promise<void>;
}

export class StaleWrite extends Error {
  override name = 'StaleWrite';
}
