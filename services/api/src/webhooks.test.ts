import type { Delivery } from '@tandem/common';
import { duckdbStore } from '@tandem/runtime';
import { expect, it } from 'vitest';
import { judgedDeliveries, webhookStatus } from './webhooks.ts';

const delivery = (given: Partial<Delivery>): Delivery => ({
  dataset: 'live',
  alert: 'a',
  endpoint: 'desk',
  time: 1_000,
  state: 'delivered',
  attempts: 1,
  next: null,
  answer: 'status 200',
  queued: 1_000,
  expires: null,
  status: 200,
  history: [],
  ...given,
});
const status = (rows: readonly Delivery[], endpoints: Parameters<typeof webhookStatus>[1] = []) =>
  webhookStatus(rows, endpoints, 5_000, 2_000);

it('webhooks are off until something was sent, never ok by default', () => {
  expect(status([])).toMatchObject({ state: 'off', detail: 'nothing has been sent yet', since: 2_000 });
});

it('webhooks are ok while all is delivered or withheld', () => {
  expect(status([delivery({}), delivery({ state: 'withheld' })])).toMatchObject({ state: 'ok' });
});

it('webhooks that fail, come too late or wait for a retry say how many, and what the receiver said', () => {
  const rows = [
    delivery({}),
    delivery({ state: 'failed', answer: 'status 500' }),
    delivery({ state: 'pending', attempts: 2 }),
    delivery({ state: 'expired', answer: 'its resolution is due' }),
  ];
  expect(status(rows)).toMatchObject({
    state: 'degraded',
    detail: '1 failed, 1 expired, 1 waiting within a day; last answer: status 500',
  });
  expect(status(rows.slice(3)).detail).toBe('1 expired within a day; last answer: its resolution is due');
});

it('a receiver that takes nothing is told of, however many alerts another one takes', async () => {
  const store = await duckdbStore({ path: ':memory:' });
  const now = 100_000_000;
  const well = Array.from({ length: 200 }, (_, i) => delivery({ alert: `w${i}`, time: now - i }));
  const hanging = { endpoint: 'hang', state: 'pending', attempts: 1, answer: 'no answer' } as const;
  const behind = Array.from({ length: 100 }, (_, i) =>
    delivery({ ...hanging, attempts: 0, alert: `b${i}`, time: now - i }),
  );
  const old = delivery({ ...hanging, state: 'failed', alert: 'old', time: 1 });
  await store.write([
    {
      table: 'deliveries',
      rows: [...well, ...behind, delivery({ ...hanging, alert: 'h', time: now - 5_000 }), old],
    },
  ]);
  expect(webhookStatus(await judgedDeliveries(store, 'live', now), [], now, 0)).toMatchObject({
    state: 'degraded',
    detail: '1 waiting within a day; last answer: no answer',
  });
  await store.close();
});

it('a first attempt that is under way is no trouble', () => {
  expect(status([delivery({ state: 'pending', attempts: 0 })]).state).toBe('ok');
});

it('an endpoint whose receiver is gone is said first; one that its owner has switched off is not', () => {
  const disabled = { at: 900, reason: 'the receiver answered 410: it is gone' };
  expect(status([delivery({})], [{ id: 'desk', enabled: false, disabled }])).toMatchObject({
    state: 'degraded',
    detail: 'desk is disabled: the receiver answered 410: it is gone',
    since: 900,
  });
  expect(status([delivery({})], [{ id: 'desk', enabled: false }]).state).toBe('ok');
  expect(status([delivery({})], [{ id: 'desk', enabled: true, disabled }]).state).toBe('ok');
});
