import { z } from 'zod';

const minute = 60_000;
const hour = 60 * minute;

/** Every bar length, in milliseconds. Each is a whole number of the shorter ones that it is folded from. */
export const intervalMs = {
  '1s': 1_000,
  '5s': 5_000,
  '15s': 15_000,
  '30s': 30_000,
  '1m': minute,
  '3m': 3 * minute,
  '5m': 5 * minute,
  '15m': 15 * minute,
  '30m': 30 * minute,
  '1h': hour,
  '2h': 2 * hour,
  '4h': 4 * hour,
  '6h': 6 * hour,
  '8h': 8 * hour,
  '12h': 12 * hour,
  '1d': 24 * hour,
} as const;

export const intervals = Object.keys(intervalMs) as [Interval, ...Interval[]];
export type Interval = keyof typeof intervalMs;
export const Interval = z.enum(intervals);

/** Ticks are folded into bars of this length; every longer bar is folded from these. */
export const baseInterval: Interval = '1s';

/** The open time of the bar that holds `time`; both in ms since the epoch, UTC. */
export function barTime(time: number, interval: Interval): number {
  const length = intervalMs[interval];
  return Math.floor(time / length) * length;
}
