import { expect, it } from 'vitest';
import { latenciesOf } from './latencies.ts';

const sent = [
  ['BTCUSDT:1', 100],
  ['BTCUSDT:2', 110],
  ['ETHUSDT:1', 120],
] as const;
const direct = new Map([
  ['BTCUSDT:1', 101],
  ['BTCUSDT:2', 112],
  ['ETHUSDT:1', 123],
]);

it('pairs a tick with itself, by instrument and id', () => {
  const found = latenciesOf(
    sent,
    direct,
    [
      { key: 'ETHUSDT:1', at: 124, sinceReceived: 2 },
      { key: 'BTCUSDT:1', at: 107, sinceReceived: 4 },
      { key: 'BTCUSDT:2', at: 115, sinceReceived: 3 },
    ],
    0,
  );
  expect(found).toMatchObject({ sent: 3, received: 3, lost: 0, repeated: 0, skipped: 0 });
  expect(found.floor).toMatchObject({ count: 3, p50: 2, max: 3 });
  expect(found.path).toMatchObject({ count: 3, p50: 5, max: 7 });
  expect(found.added).toMatchObject({ count: 3, p50: 3, max: 6 });
  expect(found.sinceReceived).toMatchObject({ count: 3, p50: 3, max: 4 });
});

it('counts what was lost, repeated or left out, and takes the first arrival', () => {
  const arrivals = [
    { key: 'BTCUSDT:1', at: 102, sinceReceived: 1 },
    { key: 'BTCUSDT:1', at: 900, sinceReceived: 799 },
  ];
  const found = latenciesOf(sent, direct, arrivals, 5);
  expect(found).toMatchObject({ sent: 3, received: 1, lost: 2, repeated: 1, skipped: 5 });
  expect(found.path.max).toBe(2);
});

it('does not count what was sent outside of the measurement', () => {
  const found = latenciesOf([], direct, [{ key: 'BTCUSDT:1', at: 102, sinceReceived: 1 }], 0);
  expect(found).toMatchObject({ sent: 0, received: 0, lost: 0 });
  expect(found.path).toEqual({ count: 0, p50: null, p99: null, max: null });
});

it('shows apart the seconds in which nothing else disturbed the machine', () => {
  const found = latenciesOf(
    [
      ['BTCUSDT:1', 0],
      ['BTCUSDT:2', 1_500],
      ['BTCUSDT:3', 2_500],
    ],
    new Map([
      ['BTCUSDT:1', 1],
      ['BTCUSDT:2', 1_590],
    ]),
    [
      { key: 'BTCUSDT:1', at: 20, sinceReceived: 1 },
      { key: 'BTCUSDT:2', at: 1_600, sinceReceived: 1 },
      { key: 'BTCUSDT:3', at: 2_600, sinceReceived: 1 },
    ],
    0,
  );
  expect(found.path.max).toBe(100);
  // In the third second nothing is known of the floor: it is not taken for calm.
  expect(found.calm).toMatchObject({ seconds: 1, of: 3, floor: { max: 1 }, path: { count: 1, max: 20 } });
});
