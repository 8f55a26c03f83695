import type { Alert, Delivery } from '@tandem/common';
import type { ServiceContext } from '@tandem/runtime';
import { inOrder } from './core/lane.ts';
import { ended } from './core/outcome.ts';
import { alertsOf } from './stored-alerts.ts';

/** The deliveries that a former run left pending, oldest first, with their alerts. One without its alert is ended. */
export async function unfinished(
  { store, log }: Pick<ServiceContext, 'store' | 'log'>,
  dataset: string,
): Promise<{ delivery: Delivery; alert: Alert }[]> {
  const pending = await store.query('deliveries', { where: { dataset, state: 'pending' } });
  const alerts = await alertsOf(store, dataset, pending);
  const found: { delivery: Delivery; alert: Alert }[] = [];
  const lost: Delivery[] = [];
  for (const delivery of pending) {
    const alert = alerts.get(delivery.alert);
    if (alert === undefined) lost.push(ended(delivery, 'failed', 'its alert is not kept any more'));
    else found.push({ delivery, alert });
  }
  if (lost.length > 0) {
    await store.write([{ table: 'deliveries', rows: lost }]);
    log.error({ deliveries: lost.length }, 'deliveries are given up: their alerts are not kept any more');
  }
  return found.sort((one, other) => inOrder(one.alert, other.alert));
}
