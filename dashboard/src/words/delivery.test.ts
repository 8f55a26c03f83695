import { describe, expect, it } from 'vitest';
import { alert, origin, study } from '../rows.fixture.ts';
import { delivery } from '../webhooks.fixture.ts';
import {
  alertWords,
  answerWords,
  countWords,
  deliveryState,
  expiresWords,
  historyWords,
  nextWords,
  whenWords,
} from './delivery.ts';
import { noDeliveries, pageWords } from './delivery-page.ts';

describe('words about a delivery', () => {
  it('say its state by a word and an icon, and tell what was tried in vain from what is new', () => {
    expect(deliveryState(delivery(0))).toMatchObject({ word: 'delivered', tone: 'good' });
    expect(deliveryState({ state: 'pending', attempts: 0 })).toMatchObject({ word: 'pending', tone: 'calm' });
    expect(deliveryState({ state: 'pending', attempts: 2 })).toMatchObject({ icon: '↻', tone: 'pending' });
    const states = ['pending', 'delivered', 'failed', 'withheld', 'expired'] as const;
    expect(new Set(states.map((state) => deliveryState({ state, attempts: 0 }).icon)).size).toBe(5);
  });

  it('name the alert by its rule, its study and what it did, with or without the alert itself', () => {
    const { alert: id } = delivery(0);
    expect(alertWords(id, undefined, [study])).toEqual({ rule: 'divergence', about: 'BTC – ETH 1m firing' });
    expect(alertWords(id, undefined, [])).toEqual({ rule: 'divergence', about: 'btc-eth-1m firing' });
    expect(alertWords(`replay-1_${id}`, undefined, [study]).about).toBe('BTC – ETH 1m firing');
    const feed = alert(0, { study: 'okx-swap-btc', instrument: 'okx-swap:BTC-USDT-SWAP', rule: 'feed-dead' });
    expect(alertWords(feed.id, feed, [study])).toEqual({
      rule: 'feed-dead',
      about: 'okx-swap:BTC-USDT-SWAP firing',
    });
    expect(alertWords('anything', undefined, [])).toEqual({ rule: 'anything', about: '' });
  });

  it('count down to the next attempt and to the end of an entry', () => {
    const waiting = delivery(0, { state: 'pending', next: origin + 28_000, expires: origin + 300_000 });
    expect([0, 27_900, 28_000, 40_000].map((ms) => nextWords(waiting, origin + ms))).toEqual([
      'in 28 s',
      'in 1 s',
      'due now',
      'waits its turn',
    ]);
    expect(expiresWords(waiting, origin)).toBe('in 5 min');
    expect(expiresWords({ ...waiting, expires: null }, origin)).toBe('never');
    // Why it expired is its last answer: this may have been long before the moment that was set.
    expect(expiresWords({ ...waiting, state: 'expired' }, origin)).toBe('–');
    expect(nextWords(delivery(0), origin)).toBe('–');
  });

  it('give the day of what was queued on another', () => {
    expect(whenWords(origin, origin + 1_000)).toBe('13:00:00');
    expect(whenWords(origin, origin + 86_400_000)).toBe('08-08 13:00:00');
    expect(whenWords(null, origin)).toBe('–');
  });

  it('say what was said last', () => {
    expect(answerWords(delivery(0))).toBe('status 204');
    expect(answerWords({ answer: '', status: null })).toBe('–');
  });

  it('count the states of what is listed', () => {
    const rows = [delivery(0), delivery(1), delivery(2, { state: 'pending' })];
    expect(countWords(rows)).toBe('3 listed: 1 pending, 2 delivered');
    expect(countWords([])).toBe('none listed');
  });

  it('say which of its attempts are listed', () => {
    const [attempt] = delivery(0).history!;
    const kept = (count: number) => Array.from({ length: count }, () => attempt!);
    expect(historyWords(delivery(0))).toBe('1 attempt.');
    expect(historyWords(delivery(0, { attempts: 30, history: kept(20) }))).toBe(
      'The newest 20 of 30 attempts, oldest first.',
    );
    expect(historyWords(delivery(0, { attempts: 1, history: kept(3) }))).toBe(
      '3 attempts, oldest first, 2 of them before it was replayed.',
    );
    expect(historyWords(delivery(0, { state: 'withheld', history: null }))).toBe('It was never attempted.');
  });

  it('say which page is shown and what to do about an empty one', () => {
    const page = { rows: [delivery(0)], older: undefined };
    expect(pageWords(page, undefined)).toBe('All there are, newest bars first.');
    expect(pageWords({ ...page, older: 1 }, origin + 1)).toBe(
      'Bars up to 2024-08-08 13:00:00 UTC; this page does not renew itself.',
    );
    expect([noDeliveries(false, false), noDeliveries(true, false), noDeliveries(true, true)]).toEqual([
      expect.stringContaining('Nothing was sent yet'),
      expect.stringContaining('Choose another'),
      expect.stringContaining('Go back to the newest'),
    ]);
  });
});
