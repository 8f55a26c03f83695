import { intervalMs, type Study } from '@tandem/common';
import { AnalyticsCore, type CoreBar } from '../../core/analytics-core.ts';

const chunk = 64;

/** The newest rows that a study would have with other settings, by the code that computes the live ones. */
export function whatIf(input: unknown, progress: (share: number) => void): object {
  const { study, bars, rows: wanted } = input as { study: Study; bars: readonly CoreBar[]; rows: number };
  const core = new AnalyticsCore('what-if', [study]);
  for (const bar of bars) core.apply(bar);
  const [state] = core.studies;
  if (state === undefined) return { study, rows: [] };
  const newest = core.newest(state);
  const oldest = core.oldest(state);
  const track = core.track(state, oldest, []);
  const rows: object[] = [];
  while (track.next <= newest) {
    for (const { carry: _, dataset: __, ...row } of track.rows(Math.min(newest, track.next + chunk - 1))) {
      if (row.time / intervalMs[study.interval] > newest - wanted) rows.push(row);
    }
    progress((track.next - oldest) / (newest - oldest + 1));
  }
  return { study, rows };
}
