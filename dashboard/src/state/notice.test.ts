import type { Alert, Silence, Study } from '@tandem/common';
import { describe, expect, it } from 'vitest';
import { noticeOf } from './notice.ts';

const now = Date.UTC(2024, 7, 8, 14);
const study = { id: 'btc-eth-1m', y: 'sim:BTCUSDT', x: 'sim:ETHUSDT', interval: '1m' } as Study;
const firing = {
  id: 'divergence_btc-eth-1m_1_firing',
  rule: 'divergence',
  study: 'btc-eth-1m',
  time: now,
  transition: 'firing',
  late: false,
  simulated: false,
  instrument: null,
  legs: 'SELL spread: sell BTC, buy 28.6 ETH per BTC',
  text: '|z| 2.31 >= 2',
  labels: [],
  amended: null,
} as unknown as Alert;

describe('what the desktop is told', () => {
  it('is a firing alert with its legs and the numbers of its rule', () => {
    expect(noticeOf(firing, study, [], now)).toEqual({
      id: firing.id,
      title: 'BTC – ETH 1m: divergence',
      body: 'SELL spread: sell BTC, buy 28.6 ETH per BTC. |z| 2.31 >= 2',
      tag: 'divergence btc-eth-1m',
    });
    expect(noticeOf({ ...firing, simulated: true }, study, [], now)?.title).toMatch(/^SIMULATED/);
  });

  it.each([
    ['is over', { transition: 'resolved' }],
    ['was inhibited', { transition: 'inhibited' }],
    ['came late', { late: true }],
    ['was only amended', { amended: { z: 1, inputs: {} } }],
    ['would have been suppressed', { labels: ['cooldown'] }],
  ] as const)('is nothing of what %s', (_, change) => {
    expect(noticeOf({ ...firing, ...change } as unknown as Alert, study, [], now)).toBeUndefined();
  });

  it('is nothing of what is silenced, as long as it is', () => {
    const silence: Silence = {
      id: 's',
      rule: 'divergence',
      from: now - 1,
      until: now + 1,
      by: 'ada',
      comment: '',
    };
    expect(noticeOf(firing, study, [silence], now)).toBeUndefined();
    expect(noticeOf(firing, study, [silence], now + 1)).toBeDefined();
  });
});
