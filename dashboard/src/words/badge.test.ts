import { expect, it } from 'vitest';
import { badgeWords } from './badge.ts';

const facts = { reason: 'because', venues: ['binance-usdm'], recorded: undefined };

it('a simulated badge says first that no market made the prices', () => {
  expect(badgeWords({ ...facts, kind: 'SIMULATED' })).toBe('invented prices, no market: because');
});

it('a live badge names the venue, a replay the recorded time', () => {
  expect(badgeWords({ ...facts, kind: 'LIVE' })).toBe('trades of binance-usdm: because');
  const recorded = Date.UTC(2024, 7, 8, 23, 55);
  expect(badgeWords({ ...facts, kind: 'REPLAY', recorded })).toBe('because, at 2024-08-08 23:55:00 UTC');
});
