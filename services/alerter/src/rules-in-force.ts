import { intervalMs, isInScope, kindOf, liveDataset } from '@tandem/common';
import type { ServiceContext } from '@tandem/runtime';
import { newWatch, type Watch, type WatchedStudy } from './core/rule-watch.ts';
import type { ActiveRule } from './rule-book.ts';
import type { StateDocument } from './state-document.ts';

/**
 * Every rule on rows on every study of its scope. `froms`: the bar time from which each study takes effect.
 *
 * What takes effect does so where the newest bar then known ended, which is one of the shortest. A longer bar that was
 * open at that moment is no history, though it had begun before: an edit must not cost a study of hours its next bar.
 */
export function watchesOf(
  active: readonly ActiveRule[],
  studies: readonly WatchedStudy[],
  froms: ReadonlyMap<string, number>,
): Watch[] {
  const shortest = Math.min(...studies.map(({ interval }) => intervalMs[interval]));
  return active
    .filter(({ compiled }) => kindOf(compiled.rule) === 'rows')
    .flatMap(({ compiled, effectiveFrom }) =>
      studies
        .filter((study) => isInScope(compiled.rule, study))
        .map((study) => {
          const step = intervalMs[study.interval];
          const from = Math.max(effectiveFrom, froms.get(study.id) ?? -1) + shortest - step;
          return newWatch(compiled, study, step, from);
        }),
    );
}

/** From when each study takes effect: a study first seen takes effect after the newest bar then known. */
export async function studiesFrom(
  studies: readonly WatchedStudy[],
  document: StateDocument,
  now: () => Promise<number>,
): Promise<Map<string, number>> {
  const froms = new Map<string, number>();
  for (const { id } of studies) froms.set(id, document.studies[id]?.from ?? (await now()));
  return froms;
}

/**
 * The newest bar known, from which what is new takes effect: history never fires. `effectiveFrom`: where no row is
 * stored yet; live data without it: now.
 */
export async function newestBar(
  { store, clock = Date.now }: Pick<ServiceContext, 'store' | 'clock'>,
  dataset: string,
  effectiveFrom: number | undefined,
): Promise<number> {
  if (dataset !== liveDataset) return effectiveFrom ?? -1;
  const [newest] = await store.query('analytics', { where: { dataset }, order: 'descending', limit: 1 });
  return newest?.time ?? effectiveFrom ?? clock();
}
