import { Delivery } from '@tandem/common';
import { describe, expect, it } from 'vitest';
import { alert, start } from './alert.fixture.ts';
import { afterAttempt, isTaken } from './outcome.ts';
import { newDelivery } from './recipients.ts';

const second = 1_000;
const fresh = newDelivery(alert({ transition: 'resolved' }), 'desk', start, undefined);
const after = (status: number | null, retryAfter?: string, delivery = fresh, schedule?: number[]) =>
  afterAttempt(
    delivery,
    { at: start, took: 12, status, answer: `status ${status}`, retryAfter },
    start + second,
    0,
    schedule,
  );

describe('what an answer means', () => {
  it('only a 2xx is a delivery', () => {
    expect([199, 200, 204, 299, 300, 302, 404, 500, null].map(isTaken)).toEqual([
      false,
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(after(204).delivery).toMatchObject({ state: 'delivered', attempts: 1, next: null, status: 204 });
  });

  it('anything else is tried again, and remembered with its time', () => {
    for (const status of [302, 400, 404, 500, null]) {
      expect(after(status)).toMatchObject({ gone: false, pausedUntil: null });
      expect(after(status).delivery).toMatchObject({
        state: 'pending',
        attempts: 1,
        next: start + 3 * second,
      });
    }
    const { delivery } = after(500);
    expect(Delivery.parse(delivery).history).toEqual([
      { at: start, took: 12, status: 500, answer: 'status 500' },
    ]);
  });

  it('429 and 503 say when to ask again, for every delivery to the endpoint; others do not', () => {
    for (const status of [429, 503]) {
      const { delivery, pausedUntil } = after(status, '60');
      expect([delivery.next, pausedUntil]).toEqual([start + 61 * second, start + 61 * second]);
    }
    expect(after(500, '60')).toMatchObject({ pausedUntil: null, delivery: { next: start + 3 * second } });
  });

  it('410 ends the delivery and the endpoint', () => {
    expect(after(410)).toMatchObject({ gone: true, delivery: { state: 'failed', next: null } });
  });

  it('the last attempt of the schedule makes a dead letter', () => {
    expect(after(500, undefined, fresh, [0]).delivery).toMatchObject({ state: 'failed', next: null });
  });

  it('no more attempts are kept than help to understand it', () => {
    let delivery = fresh;
    for (let i = 0; i < 50; i++) delivery = after(500, undefined, delivery, Array(60).fill(0)).delivery;
    expect([delivery.attempts, delivery.history?.length]).toEqual([50, 20]);
  });
});
