import { Bar, type Instrument, instrumentOf, type Study, subjects } from '@tandem/common';
import type { Bus } from '@tandem/runtime';
import { provisional } from './core/provisional.ts';
import type { RowKeeper } from './row-keeper.ts';

/** At most four provisional messages a second and study. */
const pause = 250;

/** Publishes `live.<study>` from the bars that are still forming. Passing: what is missed is made good by the next. */
export function followForming(
  bus: Bus,
  dataset: string,
  studies: readonly Study[],
  keeper: RowKeeper,
  onRefused: () => void,
): { stop(): void } {
  const forming = new Map<string, Bar>();
  const timers = new Map<string, NodeJS.Timeout>();
  const due = new Set<string>();
  const key = (interval: string, instrument: Instrument): string => `${interval} ${instrument}`;

  const send = (study: Study): void => {
    due.delete(study.id);
    const y = forming.get(key(study.interval, study.y));
    const x = forming.get(key(study.interval, study.x));
    if (y === undefined || x === undefined) return;
    const time = Math.max(y.time, x.time);
    const live = provisional(study, keeper.newest.get(study.id), time, y.close, x.close);
    // Passing messages are not kept: a failure to publish one is the loss of one.
    bus.publish(subjects.live(study.id), live).catch(() => {});
    timers.set(
      study.id,
      setTimeout(() => {
        timers.delete(study.id);
        if (due.has(study.id)) send(study);
      }, pause),
    );
  };

  const subscription = bus.subscribe('forming.>', (_, data) => {
    const parsed = Bar.safeParse(data);
    if (!parsed.success) return onRefused();
    const bar = parsed.data;
    if (bar.dataset !== dataset) return;
    const instrument = instrumentOf(bar.venue, bar.symbol);
    forming.set(key(bar.interval, instrument), bar);
    for (const study of studies) {
      if (study.interval !== bar.interval || (study.y !== instrument && study.x !== instrument)) continue;
      due.add(study.id);
      if (!timers.has(study.id)) send(study);
    }
  });
  return {
    stop: () => {
      subscription.stop();
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
