import type { Analytics } from '@tandem/common';
import type { ServiceContext } from '@tandem/runtime';
import type { AlertDesk } from './alert-desk.ts';

/** Newest alerts whose rows are looked at again. */
const most = 100;

/** Notes at the newest alerts what was amended while nobody listened. */
export async function reconcile(
  { store }: Pick<ServiceContext, 'store'>,
  dataset: string,
  desk: AlertDesk,
): Promise<void> {
  const alerts = await store.query('alerts', { where: { dataset }, order: 'descending', limit: most });
  const rows: Analytics[] = [];
  const seen = new Set<string>();
  for (const { study, time, instrument } of alerts) {
    const key = `${study} ${time}`;
    if (instrument !== null || seen.has(key)) continue;
    seen.add(key);
    rows.push(...(await store.query('analytics', { where: { dataset, study }, from: time, to: time + 1 })));
  }
  await desk.annotate(rows);
}
