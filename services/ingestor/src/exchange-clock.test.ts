import { expect, it } from 'vitest';
import { ExchangeClock } from './exchange-clock.ts';

it('the exchange clock is the newest time stated and never goes back', () => {
  const clock = new ExchangeClock();
  clock.stated(1_000_000, 0);
  clock.stated(999_000, 10);
  expect(clock.time).toBe(1_000_000);
});

it('a frame from next year is not believed, and does not move the clock', () => {
  const clock = new ExchangeClock();
  clock.stated(1_000_000, 0);
  expect(clock.stated(1_000_000 + 365 * 86_400_000, 1_000)).toBe(false);
  expect(clock.time).toBe(1_000_000);
});

it('a trade dated more than five seconds after the exchange clock is not admitted', () => {
  const clock = new ExchangeClock();
  expect(clock.admits(9e12)).toBe(true);
  clock.stated(1_000_000, 0);
  expect(clock.admits(1_005_000)).toBe(true);
  expect(clock.admits(1_005_001)).toBe(false);
});

it('the estimate grows with local time, the stated time does not', () => {
  const clock = new ExchangeClock();
  clock.stated(1_000_000, 500);
  expect(clock.estimate(2_500)).toBe(1_002_000);
  expect(clock.time).toBe(1_000_000);
});

it('a machine that slept believes the exchange again once its statements agree with each other', () => {
  const clock = new ExchangeClock();
  clock.stated(1_000_000, 0);
  const slept = 2 * 3_600_000;
  expect(clock.stated(1_000_000 + slept, 1_000)).toBe(false);
  expect(clock.stated(1_001_000 + slept, 2_000)).toBe(false);
  expect(clock.stated(1_002_100 + slept, 3_100)).toBe(true);
  expect(clock.time).toBe(1_002_100 + slept);
});

it('forged statements among true ones are never believed, however often they come', () => {
  const clock = new ExchangeClock();
  clock.stated(1_000_000, 0);
  for (let elapsed = 100; elapsed < 20_000; elapsed += 100) {
    expect(clock.stated(9_000_000_000, elapsed)).toBe(false);
    expect(clock.stated(1_000_000 + elapsed, elapsed)).toBe(true);
  }
});

it('the time that REST tells is not what a slower stream has brought', () => {
  const clock = new ExchangeClock();
  clock.stated(1_000_000, 0);
  clock.streamedAt(1_000_000, 0);
  clock.stated(1_004_000, 100);
  expect(clock.streamed).toBe(1_000_000);
  expect(clock.estimate(1_000)).toBe(1_001_000);
});
