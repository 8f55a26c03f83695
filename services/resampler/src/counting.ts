import type { Metrics } from '@tandem/runtime';
import type { Step } from './batch.ts';
import type { Counts, InstrumentState } from './core/instrument.ts';

/** Shows what the resampler has counted. */
export interface Counting {
  instrument(state: InstrumentState): void;
  steps(steps: readonly Step[]): void;
  refused(): void;
}

export function counting(metrics: Metrics): Counting {
  const ticks = metrics.counter('resampler_ticks_total', 'Trades by what became of them', ['fate']);
  const bars = metrics.counter('resampler_bars_total', 'Bars written, by whether they had closed before', [
    'kind',
  ]);
  const messages = metrics.counter('resampler_refused_messages_total', 'Messages that were no tick messages');
  const gaps = metrics.gauge('resampler_open_gaps', 'Ranges of ids not repaired', ['instrument']);
  const shown = new WeakMap<InstrumentState, Counts>();
  const fates = ['received', 'duplicates', 'refused', 'filtered', 'late', 'repaired'] as const;
  return {
    instrument(state) {
      const before = shown.get(state);
      for (const fate of fates) {
        const more = state.counts[fate] - (before?.[fate] ?? 0);
        if (more > 0) ticks.inc({ fate }, more);
      }
      shown.set(state, { ...state.counts });
      const { venue, symbol } = state.identity;
      gaps.set({ instrument: `${venue}:${symbol}` }, state.gaps.length);
    },
    steps(steps) {
      for (const step of steps) {
        if (step.amended > 0) bars.inc({ kind: 'amended' }, step.amended);
        if (step.bars.length > step.amended) bars.inc({ kind: 'closed' }, step.bars.length - step.amended);
      }
    },
    refused: () => messages.inc(),
  };
}
