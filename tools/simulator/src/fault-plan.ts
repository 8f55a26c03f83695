import type { Fault, Spoiling } from './fault.ts';
import type { Frame } from './history.ts';
import { hashText } from './random.ts';

/** How often a frame meets each fault, from 0 to 1; together at most 1. */
export interface FaultRates {
  /** The connections of the frame's stream are reset. */
  readonly drop?: number;
  /** The connections of the frame's stream are closed with a close frame. */
  readonly disconnect?: number;
  readonly skip?: number;
  readonly repeat?: number;
  readonly reorder?: number;
  readonly mute?: number;
  readonly malformed?: number;
  /** How long a mute lasts; without it, until the client reconnects. */
  readonly muteForMs?: number;
}

/** Which fault a frame meets: a function of the seed and the frame, not of when or to whom it is sent. */
export interface FaultPlan {
  decide(frame: Frame): Fault | null;
}

const spoilings: readonly Spoiling[] = ['truncate', 'types', 'event', 'field'];

/** A random plan of faults that repeats with its seed. */
export function faultPlan(seed: number, rates: FaultRates): FaultPlan {
  const order = ['drop', 'disconnect', 'skip', 'repeat', 'reorder', 'mute', 'malformed'] as const;
  let sum = 0;
  const bounds = order.map((kind) => {
    const rate = rates[kind] ?? 0;
    if (!(rate >= 0 && rate <= 1))
      throw new Error(`the rate of ${kind} must lie between 0 and 1, not ${rate}`);
    sum += rate;
    return { kind, until: sum };
  });
  if (sum > 1) throw new Error(`the rates of a fault plan add up to ${sum}: at most 1`);
  return {
    decide(frame) {
      const draw = hashText(seed, frame.data) / 4294967296;
      const kind = bounds.find(({ until }) => draw < until)?.kind;
      return kind ? faultOf(kind, frame, hashText(seed + 1, frame.data), rates) : null;
    },
  };
}

function faultOf(kind: keyof FaultRates, { stream }: Frame, draw: number, rates: FaultRates): Fault | null {
  switch (kind) {
    case 'drop':
      return { kind: 'drop', how: 'reset', stream };
    case 'disconnect':
      return { kind: 'drop', how: 'close', stream };
    case 'repeat':
      return { kind: 'repeat', stream, later: draw % 4 };
    case 'mute':
      return { kind: 'mute', stream, ...(rates.muteForMs === undefined ? {} : { forMs: rates.muteForMs }) };
    case 'malformed':
      return { kind: 'malformed', stream, mode: spoilings[draw % spoilings.length]! };
    case 'skip':
    case 'reorder':
      return { kind, stream };
    default:
      return null;
  }
}
