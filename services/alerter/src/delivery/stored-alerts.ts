import type { Alert, Delivery } from '@tandem/common';
import type { Store } from '@tandem/runtime';

/** The alerts of deliveries, by id. */
export async function alertsOf(
  store: Store,
  dataset: string,
  rows: readonly Delivery[],
): Promise<Map<string, Alert>> {
  const times = [...new Set(rows.map(({ time }) => time))].sort((one, other) => one - other);
  const found = new Map<string, Alert>();
  for (const [first, last] of runs(times)) {
    const alerts = await store.query('alerts', { where: { dataset }, from: first, to: last + 1 });
    for (const alert of alerts) found.set(alert.id, alert);
  }
  return found;
}

/** A hole of less than this between two bar times is read over, ms. */
const hole = 10 * 60_000;
/** The longest range that is read at once, ms. */
const longestRun = 24 * 60 * 60_000;

/** Sorted times as ranges that leave out what is far from all of them. */
function runs(times: readonly number[]): [first: number, last: number][] {
  const ranges: [number, number][] = [];
  for (const time of times) {
    const range = ranges.at(-1);
    if (range !== undefined && time - range[1] <= hole && time - range[0] <= longestRun) range[1] = time;
    else ranges.push([time, time]);
  }
  return ranges;
}
