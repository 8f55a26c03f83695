import { type Tail, tailOf } from './spread.ts';

/** A tick as the client of Tandem got it. */
export interface Received {
  readonly key: string;
  readonly at: number;
  /** Wall clock of the arrival less the ingestor's `received`, in whole ms. */
  readonly sinceReceived: number;
}

/** How long ticks took by each way, ms, and what became of them. */
export interface Latencies {
  readonly sent: number;
  readonly received: number;
  /** Sent, but never seen by the client of Tandem. */
  readonly lost: number;
  /** Seen more than once. */
  readonly repeated: number;
  /** Messages that Tandem left out because the client was slow. */
  readonly skipped: number;
  /** Exchange → client, the same frames without Tandem. */
  readonly floor: Tail;
  /** Exchange → Tandem → client. */
  readonly path: Tail;
  /** Tick for tick, how much later it came by way of Tandem. */
  readonly added: Tail;
  /** From the ingestor's stamp to the client, in steps of 1 ms. */
  readonly sinceReceived: Tail;
  /** The seconds in which the machine let the floor alone, and what came by way of Tandem in them. */
  readonly calm: { readonly seconds: number; readonly of: number; readonly floor: Tail; readonly path: Tail };
}

/** A second in which one in a hundred frames takes longer without Tandem was disturbed by something else, ms. */
const calmFloor = 3;

/** Pairs what was sent, key and moment, with what arrived by both ways; all moments are of one clock. */
export function latenciesOf(
  sent: readonly (readonly [key: string, at: number])[],
  direct: ReadonlyMap<string, number>,
  received: readonly Received[],
  skipped: number,
): Latencies {
  const first = new Map<string, Received>();
  for (const one of received) if (!first.has(one.key)) first.set(one.key, one);
  const floor: number[] = [];
  const path: number[] = [];
  const seconds = new Map<number, { floor: number[]; path: number[] }>();
  const begin = sent[0]?.[1] ?? 0;
  const added: number[] = [];
  const sinceReceived: number[] = [];
  for (const [key, at] of sent) {
    const there = direct.get(key);
    const here = first.get(key);
    const second = Math.floor((at - begin) / 1_000);
    const own = seconds.get(second) ?? { floor: [], path: [] };
    seconds.set(second, own);
    if (there !== undefined) {
      floor.push(there - at);
      own.floor.push(there - at);
    }
    if (here === undefined) continue;
    path.push(here.at - at);
    own.path.push(here.at - at);
    sinceReceived.push(here.sinceReceived);
    if (there !== undefined) added.push(here.at - there);
  }
  return {
    sent: sent.length,
    received: path.length,
    lost: sent.length - path.length,
    repeated: received.length - first.size,
    skipped,
    floor: tailOf(floor),
    path: tailOf(path),
    added: tailOf(added),
    sinceReceived: tailOf(sinceReceived),
    calm: calmOf([...seconds.values()]),
  };
}

function calmOf(seconds: readonly { floor: number[]; path: number[] }[]): Latencies['calm'] {
  const calm = seconds.filter(({ floor }) => (tailOf(floor).p99 ?? Number.POSITIVE_INFINITY) <= calmFloor);
  return {
    seconds: calm.length,
    of: seconds.length,
    floor: tailOf(calm.flatMap(({ floor }) => floor)),
    path: tailOf(calm.flatMap(({ path }) => path)),
  };
}
