import { blankAnalytics } from '@tandem/common';
import type { Rows } from './tables.ts';

/** A tick of instrument sim:AAA for tests: 1 ms and 1 id after the one before. */
export function tickRow(n: number, over: Partial<Rows['ticks']> = {}): Rows['ticks'] {
  return {
    dataset: 'live',
    venue: 'sim',
    symbol: 'AAA',
    id: String(n),
    time: 1_700_000_000_000 + n,
    price: 100 + n / 8,
    quantity: 0.1,
    side: n % 2 ? 'buy' : 'sell',
    count: 1,
    received: 1_700_000_000_050 + n,
    ...over,
  };
}

/** A one-minute bar of sim:AAA for tests. */
export function barRow(n: number, over: Partial<Rows['bars']> = {}): Rows['bars'] {
  return {
    dataset: 'live',
    venue: 'sim',
    symbol: 'AAA',
    interval: '1m',
    time: 1_700_000_040_000 + n * 60_000,
    open: 1,
    high: 3,
    low: 0.5,
    close: 2,
    volume: 10,
    quoteVolume: 20,
    vwap: 2,
    trades: 7,
    buyVolume: 4,
    buyQuoteVolume: 8,
    complete: true,
    gap: false,
    revision: 7,
    source: 'trades',
    ...over,
  };
}

/** A row of each remaining table, with every kind of absence. */
export const otherRows = {
  gaps: {
    dataset: 'live',
    venue: 'sim',
    symbol: 'AAA',
    fromId: '10',
    toId: '12',
    time: 1_700_000_000_000,
    toTime: 1_700_000_000_900,
    missing: 3,
    reason: 'the venue’s "jump", 3 ids',
    state: 'open',
  },
  analytics: {
    ...blankAnalytics('live', 'a-b-1m', 1_700_000_040_000),
    n: 12,
    yClose: 2,
    xClose: 1,
    returnCorrelation: 0.1 + 0.2,
    priceCorrelation: -1e-300,
    absent: { z: { reason: 'warming', have: 12, need: 240 } },
    testedAt: 1_700_000_040_000,
    signal: 'NEUTRAL',
    inhibitions: ['thin-market'],
    carry: { ewma: 0.1, seen: [1, null] },
  },
  alerts: {
    dataset: 'live',
    id: 'divergence-a-b-1m-1700000040000-firing',
    rule: 'divergence',
    study: 'a-b-1m',
    time: 1_700_000_040_000,
    transition: 'firing',
    severity: 'warning',
    direction: 'SHORT_SPREAD',
    z: 2.31,
    returnCorrelation: null,
    beta: null,
    text: '|z| 2.31 >= 2 for 2 bars; "quoted", comma\nnew line',
    late: false,
    simulated: true,
    instrument: null,
    priceCorrelation: 0.9,
    legs: 'SELL spread: sell A, buy 2.1 B per A',
    inputs: { z: 2.31, regime: null, quality: 12 },
    inhibited: ['thin-market'],
    labels: [],
    amended: { z: 1.9, inputs: { z: 1.9, regime: 'uncertain', quality: null } },
    link: '/?study=a-b-1m',
  },
  deliveries: {
    dataset: 'live',
    alert: 'divergence-a-b-1m-1700000040000-firing',
    endpoint: 'ops',
    time: 1_700_000_040_000,
    state: 'pending',
    attempts: 1,
    next: null,
    answer: '',
    queued: 1_700_000_040_000,
    expires: null,
    status: null,
    history: [{ at: 1_700_000_040_000, took: 12, status: null, answer: 'no answer: ECONNREFUSED' }],
  },
} satisfies Partial<Rows>;
