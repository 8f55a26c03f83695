import type { Bar, Gap, TickMessage } from '@tandem/common';
import type { Change, TickRow } from '@tandem/runtime';
import { amendBars } from './amendment.ts';
import { closeBars } from './core/close.ts';
import { type InstrumentState, takePending } from './core/instrument.ts';
import { receive } from './core/receive.ts';
import type { StoredInstrument } from './stored-rows.ts';

/** The most base bars that close in one write: a long silence is many. */
const closedAtOnce = 5_000;

/** The rows of one write, and the bars to publish once they are durable. */
export interface Step {
  readonly gapsOpened: readonly Gap[];
  readonly ticks: readonly TickRow[];
  readonly bars: readonly Bar[];
  readonly gapsChanged: readonly Gap[];
  readonly publish: readonly Bar[];
  /** How many of the bars had been closed before. */
  readonly amended: number;
}

/**
 * Takes a batch of one instrument's messages in and yields what is to be written, in order. The caller makes
 * each step durable before it asks for the next.
 */
export async function* takeBatch(
  state: InstrumentState,
  messages: readonly TickMessage[],
  stored: StoredInstrument,
): AsyncGenerator<Step> {
  for (const message of messages) receive(state, message);
  const pending = takePending(state);
  const amended = await amendBars(state, pending, stored);
  let closed = closeBars(state, closedAtOnce);
  const { dataset, venue, symbol } = state.identity;
  yield {
    gapsOpened: pending.gapsOpened,
    ticks: pending.ticks.map((tick) => ({ dataset, venue, symbol, ...tick })),
    bars: [...amended.write, ...closed.bars],
    gapsChanged: pending.gapsChanged,
    publish: [...amended.publish, ...closed.bars],
    amended: amended.write.length,
  };
  state.counts.stored += pending.ticks.length;
  while (closed.more) {
    closed = closeBars(state, closedAtOnce);
    const { bars } = closed;
    yield { gapsOpened: [], ticks: [], bars, gapsChanged: [], publish: bars, amended: 0 };
  }
}

/**
 * The steps of several instruments as one write. In this order a store that cannot write all tables at once is
 * never left with an effect without its cause: a gap is known before the trades behind it, and counts as
 * repaired only after its bars.
 */
export function changesOf(steps: readonly Step[]): Change[] {
  const changes: Change[] = [
    { table: 'gaps', rows: steps.flatMap((step) => step.gapsOpened) },
    { table: 'ticks', rows: steps.flatMap((step) => step.ticks) },
    { table: 'bars', rows: steps.flatMap((step) => step.bars) },
    { table: 'gaps', rows: steps.flatMap((step) => step.gapsChanged) },
  ];
  return changes.filter((change) => change.rows.length > 0);
}
