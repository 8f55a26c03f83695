import type { Analytics } from '@tandem/common';
import type { ServiceContext } from '@tandem/runtime';
import type { AlertKeeper } from './alert-keeper.ts';

/** Rows read from the store at a time. */
const chunk = 5_000;

/** Evaluates the stored rows of every study that no rule has seen yet, in time order. */
export async function replayStored(
  { store }: Pick<ServiceContext, 'store'>,
  dataset: string,
  keeper: AlertKeeper,
  take: (rows: readonly Analytics[]) => Promise<unknown>,
): Promise<void> {
  for (const study of new Set(keeper.watches.map((watch) => watch.study.id))) {
    const seen = keeper.watches
      .filter((watch) => watch.study.id === study)
      .map((watch) => Math.max(watch.effectiveFrom, watch.time ?? -1));
    // What was raised at these times is compared with the rows up to them, and no further.
    const cuts = keeper.proofTimes(study).sort((one, other) => one - other);
    let from = Math.min(...seen) + 1;
    for (;;) {
      const rows = await store.query('analytics', { where: { dataset, study }, from, limit: chunk });
      for (let rest = rows; rest.length > 0; ) {
        const first = (rest[0] as Analytics).time;
        const cut = cuts.find((time) => time >= first);
        const end = cut === undefined ? rest.length : rest.filter(({ time }) => time <= cut).length;
        await take(rest.slice(0, end));
        rest = rest.slice(end);
        while (cuts[0] !== undefined && cuts[0] <= (cut ?? -1)) cuts.shift();
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < chunk) break;
      from = last.time + 1;
    }
  }
}
