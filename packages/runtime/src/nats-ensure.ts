import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from 'nats';
import { backoff } from './backoff.ts';
import { askJetStream, faultCodes, JetStreamFault, type StreamInfo, streamInfo } from './nats-jetstream.ts';
import type { NatsLink, NatsLinkOptions } from './nats-link.ts';

interface StreamLimits {
  readonly max_bytes: number;
  /** ns; 0 is for ever. */
  readonly max_age: number;
  readonly max_msgs_per_subject: number;
  /** Within it a message with the same id is stored once, ns. */
  readonly duplicate_window: number;
}

export interface StreamConfiguration extends StreamLimits {
  readonly name: string;
  readonly description?: string;
  readonly subjects: readonly string[];
  readonly storage: string;
  readonly retention: string;
  readonly discard: string;
  readonly num_replicas: number;
  /** What only some streams have. */
  readonly allow_direct?: boolean;
  readonly allow_rollup_hdrs?: boolean;
  readonly deny_delete?: boolean;
}

/**
 * Makes a stream, or gives an existing one these limits. One that is not the same kind of stream (other
 * subjects, not on disk, not kept by limits) is refused in a sentence. Replicas are left as they are.
 */
async function ensureStream(connection: NatsConnection, wanted: StreamConfiguration): Promise<StreamInfo> {
  const existing = await streamInfo(connection, wanted.name).catch(unlessAbsent);
  if (existing === undefined) {
    try {
      return await askJetStream<StreamInfo>(connection, `STREAM.CREATE.${wanted.name}`, wanted);
    } catch (error) {
      // Another process was first, and may want other limits.
      const taken = error instanceof JetStreamFault && error.code === faultCodes.streamNameInUse;
      if (taken) return ensureStream(connection, wanted);
      throw refusal(wanted.name, error);
    }
  }
  const { config } = existing;
  for (const field of ['subjects', 'storage', 'retention', 'discard'] as const) {
    if (JSON.stringify(config[field]) === JSON.stringify(wanted[field])) continue;
    throw new Error(
      `stream ${wanted.name} on the NATS server is not Tandem's: its ${field} is ${JSON.stringify(config[field])}, not ${JSON.stringify(wanted[field])}; delete it, or give Tandem an account of its own`,
    );
  }
  const limits = ['max_bytes', 'max_age', 'max_msgs_per_subject', 'duplicate_window'] as const;
  if (limits.every((field) => config[field] === wanted[field])) return existing;
  const changed = { ...config, ...wanted, num_replicas: config.num_replicas };
  try {
    return await askJetStream<StreamInfo>(connection, `STREAM.UPDATE.${wanted.name}`, changed);
  } catch (error) {
    throw refusal(wanted.name, error);
  }
}

/** Makes streams as soon as JetStream is up, however long that takes; what cannot be made is thrown. */
export async function ensureStreams(
  link: NatsLink,
  wanted: readonly StreamConfiguration[],
  { log, signal }: NatsLinkOptions,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      for (const stream of wanted) await ensureStream(link.connection, stream);
      return link.report('ok', '');
    } catch (error) {
      // JetStream's own "not now", or the driver's: no answer, no connection.
      const passing = error instanceof JetStreamFault ? error.status === 503 : 'code' in (error as Error);
      if (!passing || link.ended.aborted) throw error;
      const reason = `JetStream does not answer: ${(error as Error).message}; is it enabled (nats-server -js)?`;
      link.report('down', reason);
      if (attempt <= 3 || attempt % 20 === 0) {
        log?.warn({ server: link.shown, attempt, reason }, 'NATS is not ready yet; trying on:');
      }
      await sleep(backoff(attempt, 1, { most: 3_000 }), undefined, { signal });
    }
  }
}

function unlessAbsent(error: unknown): undefined {
  if (error instanceof JetStreamFault && error.code === faultCodes.noStream) return undefined;
  throw error;
}

function refusal(stream: string, error: unknown): unknown {
  if (!(error instanceof JetStreamFault)) return error;
  return new Error(
    `stream ${stream} cannot be made on the NATS server: ${error.message}; give JetStream more room (max_file_store), or move away what stands in the way`,
    { cause: error },
  );
}
