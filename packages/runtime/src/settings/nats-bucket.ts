import type { StreamConfiguration } from '../nats-ensure.ts';
import { headerIn, textOf } from '../nats-jetstream.ts';
import { isDocumentName } from './document-name.ts';

/** The stream behind the one key-value bucket that holds all documents: `nats kv get tandem studies.btc-eth-1m`. */
export const bucketStream = 'KV_tandem';
const root = '$KV.tandem';

/** The last ten versions of each document, on disk, for ever; a full bucket refuses writes rather than forget documents. */
export const bucketConfiguration: StreamConfiguration = {
  name: bucketStream,
  description: 'Tandem: settings and positions',
  subjects: [`${root}.>`],
  storage: 'file',
  retention: 'limits',
  discard: 'new',
  num_replicas: 1,
  max_bytes: 256 * 2 ** 20,
  max_age: 0,
  // A watcher is told of each change, unless a document changes ten times before it looks.
  max_msgs_per_subject: 10,
  duplicate_window: 120_000_000_000,
  allow_direct: true,
  allow_rollup_hdrs: true,
  deny_delete: true,
};

// A dot would end the token of a subject; a slash is no part of any name, and NATS takes it in keys.
const escaped = (name: string) => name.replaceAll('.', '/');

/** Where a document of a bucket is. */
export function documentSubject(bucket: string, key: string): string {
  return `${root}.${escaped(bucket)}.${escaped(key)}`;
}

/** Where all documents of a bucket are. */
export function bucketSubject(bucket: string): string {
  return `${root}.${escaped(bucket)}.*`;
}

/** The key of a document from where it is; undefined if what lies there is none of ours. */
export function keyOf(subject: string): string | undefined {
  const key = subject.slice(subject.lastIndexOf('.') + 1).replaceAll('/', '.');
  return isDocumentName(key) ? key : undefined;
}

/** The JSON value of a message of the bucket; undefined if it says that the document was deleted. */
export function documentIn(data: Uint8Array, headers: string, where: string): unknown {
  if (isDeleted(headers)) return undefined;
  try {
    return JSON.parse(textOf(data));
  } catch (error) {
    throw new Error(
      `document ${where} cannot be read: it is not JSON; put it right or delete it in the key-value bucket "tandem"`,
      { cause: error },
    );
  }
}

export function isDeleted(headers: string): boolean {
  return headerIn(headers, 'KV-Operation') !== undefined;
}
