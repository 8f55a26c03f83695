import { setTimeout as sleep } from 'node:timers/promises';
import { backoff } from './backoff.ts';
import { PositionLost } from './bus/bus.ts';
import { type Delivered, Delivery } from './nats-delivery.ts';
import { streamInfo } from './nats-jetstream.ts';
import type { NatsLink } from './nats-link.ts';
import { type Beginning, Place } from './nats-place.ts';

export interface NatsReading {
  readonly link: NatsLink;
  readonly stream: string;
  /** Only these subjects. */
  readonly filter?: string;
  readonly from: Beginning;
  /**
   * What the stream keeps is only the newest of each subject: its numbers have holes by design, and a stream
   * that was made anew is read from its first. Of any other stream both are `PositionLost`.
   */
  readonly newestOnly: boolean;
  readonly signal: AbortSignal;
  /** Called whenever it has begun to read, and when it has again. */
  readonly attached?: () => void;
}

/** Messages in order, and the incarnation of the stream whose numbers they have. */
export interface Reach {
  readonly incarnation: string;
  readonly messages: readonly Delivered[];
}

/** The most messages of one batch. */
const largestBatch = 1_000;

/**
 * Reads a stream in order without a hole, through lost connections and servers, until `signal` aborts or the
 * link is closed.
 *
 * Nothing is acknowledged: a consumer on the server is made for each connection, at the number that comes next,
 * and what it delivers is checked number by number.
 */
export async function* readStream(reading: NatsReading): AsyncGenerator<Reach, void, undefined> {
  const { link, stream, signal } = reading;
  const place = new Place(stream, reading.from, reading.newestOnly);
  const over = AbortSignal.any([signal, link.ended]);
  let delivery: Delivery | undefined;
  let stirred = true;
  let wake = () => {};
  const stir = () => {
    stirred = true;
    wake();
  };
  // A consumer of the old connection may be gone; a new one at the next number is always right.
  const stopReconnect = link.onReconnect(() => delivery?.end());
  over.addEventListener('abort', stir);
  try {
    while (!over.aborted) {
      const messages = delivery?.take(largestBatch) ?? [];
      if (messages.length > 0) {
        yield { incarnation: place.incarnation, messages };
        continue;
      }
      if (place.lost !== undefined) throw place.lost;
      if (delivery === undefined || delivery.over) {
        delivery = await begun(reading, place, over, stir);
        continue;
      }
      if (!stirred) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      stirred = false;
    }
    if (link.ended.aborted && !link.closed && !signal.aborted) throw link.ended.reason;
  } finally {
    stopReconnect();
    over.removeEventListener('abort', stir);
    delivery?.end();
  }
}

/** A consumer at the place; tried until it stands, undefined once it is over. */
async function begun(
  { link, stream, filter, attached }: NatsReading,
  place: Place,
  over: AbortSignal,
  stir: () => void,
): Promise<Delivery | undefined> {
  for (let failures = 0; !over.aborted; ) {
    try {
      await link.whenConnected(over);
      const { created, state } = await streamInfo(link.connection, stream);
      const start = place.startIn({ created, first: state.first_seq, last: state.last_seq });
      const accept = (sequence: number) => place.accept(sequence);
      const delivery = await Delivery.begin({ link, stream, filter, start, accept, stir });
      if (failures > 1) link.report('ok', '');
      attached?.();
      return delivery;
    } catch (error) {
      if (error instanceof PositionLost) throw error;
      if (over.aborted) break;
      failures += 1;
      const reason = `stream ${stream} cannot be read yet: ${(error as Error).message}`;
      if (failures > 1 && link.connected) link.report('degraded', reason);
      const wait = backoff(failures, 1, { first: 50, most: 3_000 });
      await sleep(wait, undefined, { signal: over }).catch(() => {});
    }
  }
  return undefined;
}
