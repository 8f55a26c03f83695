import { type Analytics, intervalMs, type Study } from '@tandem/common';
import type { Tile } from '../state/tile.ts';
import { clock, fixed, significant } from './format.ts';
import { inhibitionWords } from './inhibitions.ts';
import { assetName } from './legs.ts';
import { type Direction, sideOf } from './position.ts';

export type Lean = 'short' | 'long' | 'none';
/** What a trader is to do: open, keep, close, give up, or nothing. */
export type Act = 'enter' | 'hold' | 'exit' | 'stop' | 'none';

export interface SignalWords {
  /** The side that is coloured; none unless the numbers may be acted on. */
  readonly lean: Lean;
  readonly act: Act;
  readonly text: string;
  /** What forbids an entry, or speaks against it: "No entry: thin market". */
  readonly remark: string;
}

/** Units of x that hedge one unit of y; on the log scale beta is an elasticity, so prices enter. */
export function hedgeUnits(
  study: Pick<Study, 'scale'>,
  row: Pick<Analytics, 'beta' | 'yClose' | 'xClose'>,
): number | null {
  if (row.beta === null) return null;
  if (study.scale === 'price') return row.beta;
  return row.yClose === null || row.xClose === null ? null : (row.beta * row.yClose) / row.xClose;
}

/** Which legs a direction sells and buys: never a bare BUY or SELL. */
export function legsOf(direction: Direction, study: Study, units: number | null): string {
  const { y, x } = named(study, units);
  return direction === 'SHORT_SPREAD'
    ? `SELL spread: sell ${y}, buy ${x}`
    : `BUY spread: buy ${y}, sell ${x}`;
}

/**
 * What the service decided at the last confirmed bar, in words. `entry`: the row of the entry that a HOLD, EXIT or STOP
 * is about, where the page has it; its amounts are those that are held.
 */
export function signalOf(
  study: Study,
  row: Analytics | undefined,
  tile: Pick<Tile, 'kind' | 'valid'>,
  entry?: Analytics,
): SignalWords {
  const none = (text: string, remark = ''): SignalWords => ({ lean: 'none', act: 'none', text, remark });
  if (row === undefined) return none('No signal: nothing is known yet');
  if (tile.kind === 'stale' || tile.kind === 'off') return none('No signal: the numbers are not live');
  const { signal } = row;
  const inhibited = inhibitionWords(row.inhibitions);
  const forbidden = inhibited === undefined ? '' : `No entry: ${inhibited}`;
  const noOther = inhibited === undefined ? '' : `No new entry: ${inhibited}`;
  if (signal === null) {
    return none(row.z === null ? 'No signal: z is not known yet' : 'No signal: none was decided', forbidden);
  }
  if (signal === 'NEUTRAL') return none(neutral(study, row, inhibited !== undefined), forbidden);
  const side = (entry?.signal as Direction | undefined) ?? sideOf(row, study.thresholds);
  const lean = side === undefined || !tile.valid ? 'none' : side === 'SHORT_SPREAD' ? 'short' : 'long';
  if (signal === 'HOLD') {
    return {
      lean,
      act: 'hold',
      text: `${holding(study, side, entry)}; ${leaving(study, side)}`,
      remark: noOther,
    };
  }
  if (signal === 'EXIT' || signal === 'STOP') {
    const why =
      signal === 'EXIT'
        ? `z ${fixed(row.z, 2)} has reached the exit`
        : `z ${fixed(row.z, 2)} is beyond the stop`;
    const act = signal === 'EXIT' ? 'exit' : 'stop';
    return { lean: 'none', act, text: `${signal}: ${closing(study, side, entry)}; ${why}`, remark: noOther };
  }
  const text = legsOf(signal, study, hedgeUnits(study, row));
  if (row.returnCorrelation !== null && row.returnCorrelation >= study.correlation) {
    return { lean, act: 'enter', text, remark: forbidden };
  }
  // Too little in common to act on: it is said, and not coloured.
  const remark = `Return correlation ${fixed(row.returnCorrelation, 2)} is below ${fixed(study.correlation, 2)}: not worth acting on`;
  return { lean: 'none', act: 'enter', text, remark };
}

/** Why a bar without a position opens none. */
function neutral({ thresholds }: Study, row: Analytics, inhibited: boolean): string {
  const { shortEntry, longEntry, stop } = thresholds;
  if (row.z === null) return 'No signal: z is not known at this bar';
  const z = `z ${fixed(row.z, 2)}`;
  if (row.z < shortEntry && row.z > longEntry) {
    return `No signal: ${z} is between ${fixed(longEntry, 1)} and ${fixed(shortEntry, 1)}`;
  }
  if (Math.abs(row.z) >= stop) return `No signal: ${z} is beyond the stop ±${fixed(stop, 1)}`;
  // Nothing forbids it and it is within the stop: only the wait after a stop is left.
  return inhibited
    ? `No signal: ${z} is beyond the entry`
    : `No signal: ${z}, but after a stop z has to come back near its mean first`;
}

function holding(study: Study, side: Direction | undefined, entry: Analytics | undefined): string {
  if (side === undefined) return 'HOLD the position in the amounts of its entry';
  const { y, x } = named(study, entry === undefined ? null : hedgeUnits(study, entry));
  const legs = side === 'SHORT_SPREAD' ? `short ${y}, long ${x}` : `long ${y}, short ${x}`;
  const of =
    entry === undefined
      ? ' in the amounts of the entry'
      : `, entered at ${clock(entry.time + intervalMs[study.interval])} UTC`;
  return `HOLD the ${side === 'SHORT_SPREAD' ? 'sold' : 'bought'} spread: ${legs}${of}`;
}

function leaving({ thresholds: { exit, stop } }: Study, side: Direction | undefined): string {
  if (side === undefined) return `exit ${fixed(exit, 1)}, stop ±${fixed(stop, 1)}`;
  const at = (sign: string, z: number) => `z\u00a0${sign}\u00a0${fixed(z, 1)}`;
  return side === 'SHORT_SPREAD'
    ? `exit at ${at('≤', exit)}, stop at ${at('≥', stop)}`
    : `exit at ${at('≥', -exit)}, stop at ${at('≤', -stop)}`;
}

function closing(study: Study, side: Direction | undefined, entry: Analytics | undefined): string {
  if (side === undefined) return 'close both legs';
  const { y, x } = named(study, entry === undefined ? null : hedgeUnits(study, entry));
  return side === 'SHORT_SPREAD'
    ? `close the sold spread, buy ${y} back, sell ${x}`
    : `close the bought spread, sell ${y}, buy ${x} back`;
}

function named(study: Study, units: number | null): { y: string; x: string } {
  const y = assetName(study.y);
  const x = assetName(study.x);
  return { y, x: units === null ? x : `${significant(units, 3)} ${x} per ${y}` };
}
