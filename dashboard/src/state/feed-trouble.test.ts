import type { FeedStatus } from '@tandem/common';
import { describe, expect, it } from 'vitest';
import { study } from '../rows.fixture.ts';
import { troubleOf } from './feed-trouble.ts';

const at = 1_000_000;
const feed = (given: Partial<FeedStatus>): FeedStatus => ({
  venue: 'binance-usdm',
  symbol: 'ETHUSDT',
  state: 'live',
  at,
  detail: '',
  retryAt: null,
  lastId: '1',
  lastTime: at,
  watermark: at,
  lag: 5,
  counts: {
    frames: 1,
    ticks: 1,
    filtered: 0,
    duplicates: 0,
    malformed: 0,
    refused: 0,
    gaps: 0,
    repaired: 0,
    reconnects: 0,
  },
  ...given,
});
const trouble = (given: Partial<FeedStatus>, now = at) =>
  troubleOf(study, new Map([[study.x, feed(given)]]), now);

describe('the feed of a leg', () => {
  it('is no trouble while it flows, is quiet, or was not heard of yet', () => {
    expect(trouble({})).toBeUndefined();
    expect(trouble({ state: 'quiet', lastTime: at - 60_000 })).toBeUndefined();
    expect(troubleOf(study, new Map(), at)).toBeUndefined();
  });

  it('is trouble at once when it is down, and when it says nothing any more', () => {
    expect(trouble({ state: 'down' })).toBe('ETH feed down');
    expect(trouble({}, at + 11_000)).toBe('ETH feed silent');
  });

  it('may reconnect or repair for ten seconds before its studies are stale', () => {
    expect(trouble({ state: 'connecting', lastTime: at - 9_000 })).toBeUndefined();
    expect(trouble({ state: 'repairing', lastTime: at - 11_000 })).toBe('ETH feed repairing');
  });
});
