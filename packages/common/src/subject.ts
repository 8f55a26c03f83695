import type { SymbolName, Venue } from './instrument.ts';
import type { Interval } from './interval.ts';

/** Subjects are `.`-separated; `*` matches one token and a final `>` the rest, as in NATS. */
export const subjects = {
  ticks: (venue: Venue, symbol: SymbolName) => `ticks.${venue}.${symbol}`,
  bars: (interval: Interval, venue: Venue, symbol: SymbolName) => `bars.${interval}.${venue}.${symbol}`,
  forming: (interval: Interval, venue: Venue, symbol: SymbolName) => `forming.${interval}.${venue}.${symbol}`,
  analytics: (study: string) => `analytics.${study}`,
  live: (study: string) => `live.${study}`,
  alerts: (rule: string, study: string) => `alerts.${rule}.${study}`,
  feeds: (venue: Venue, symbol: SymbolName) => `feeds.${venue}.${symbol}`,
  health: (service: string) => `health.${service}`,
  rpc: (service: string, method: string) => `rpc.${service}.${method}`,
};

/** Streams keep their messages in order and can be read from a position. */
export const streams = {
  TICKS: 'ticks.>',
  BARS: 'bars.>',
  ANALYTICS: 'analytics.>',
  ALERTS: 'alerts.>',
  FEEDS: 'feeds.>',
} as const;
export type Stream = keyof typeof streams;

/** The stream that keeps a subject, or undefined if nothing keeps it (forming, live, health, rpc). */
export function streamOf(subject: string): Stream | undefined {
  const head = subject.slice(0, subject.indexOf('.')).toUpperCase();
  return Object.hasOwn(streams, head) ? (head as Stream) : undefined;
}

/** Whether `subject` is one of those that `pattern` names. */
export function matches(pattern: string, subject: string): boolean {
  const wanted = pattern.split('.');
  const given = subject.split('.');
  for (const [index, token] of wanted.entries()) {
    if (token === '>') return given.length > index;
    if (given[index] === undefined || (token !== '*' && token !== given[index])) return false;
  }
  return wanted.length === given.length;
}
