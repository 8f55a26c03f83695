import type { FeedStatus } from '@tandem/common';
import { duration, fixed } from '../words/format.ts';
import { assetName } from '../words/legs.ts';
import { feedSilence } from './feed-trouble.ts';
import type { Model } from './model.ts';
import type { PartHealth } from './status.ts';

export type Tone = 'good' | 'pending' | 'trouble' | 'off';

/** One tile of the status strip: a word, an icon, a colour and an age. */
export interface StripTile {
  readonly name: string;
  readonly word: string;
  readonly tone: Tone;
  /** How old the statement or the data is. */
  readonly age: string;
  /** Everything that is known, in a sentence. */
  readonly detail: string;
}

export const icons: Record<Tone, string> = { good: '●', pending: '◐', trouble: '▲', off: '○' };

const statusSilence = 10_000;

const parts: [key: string, name: string][] = [
  ['bus', 'Bus'],
  ['store', 'Store'],
  ['analytics', 'Analytics'],
  ['alerter', 'Alerts'],
  ['webhooks', 'Webhooks'],
];

/** Feeds first, then what stands behind them; the same places whatever is known. */
export function stripOf(model: Model, now: number): StripTile[] {
  const connected = model.connection.phase === 'open';
  const instruments = model.status?.instruments ?? [];
  const feeds = instruments.map((instrument) =>
    model.status?.badge.kind === 'REPLAY'
      ? recordedTile(instrument)
      : feedTile(assetName(instrument), instrument, model.feeds.get(instrument), now, connected),
  );
  const none: StripTile = {
    name: 'Feeds',
    word: 'unknown',
    tone: 'off',
    age: '',
    detail: 'The server has not said yet which feeds it has.',
  };
  return [
    ...(feeds.length > 0 ? feeds : [none]),
    ...parts.map(([key, name]) => partTile(name, model.status?.services[key], now, connected)),
  ];
}

function recordedTile(instrument: string): StripTile {
  const detail = `${instrument}: trades come from a recording, not from a feed.`;
  return { name: assetName(instrument), word: 'recorded', tone: 'off', age: '', detail };
}

function feedTile(
  name: string,
  instrument: string,
  feed: FeedStatus | undefined,
  now: number,
  connected: boolean,
): StripTile {
  if (feed === undefined) {
    return { name, word: 'off', tone: 'off', age: '', detail: `${instrument}: no word from this feed yet.` };
  }
  const silent = now - feed.at;
  const last = feed.lastTime === null ? 'no trade yet' : `last trade ${duration(now - feed.lastTime)} ago`;
  const lag = feed.lag === null ? '' : `, lag ${fixed(feed.lag, 0)} ms`;
  const detail = `${instrument}: ${feed.state}${feed.detail === '' ? '' : `, ${feed.detail}`}; ${last}${lag}; ${feed.counts.gaps} gaps, ${feed.counts.reconnects} reconnects.`;
  if (!connected || silent > feedSilence) {
    return { name, word: 'stale', tone: 'off', age: duration(silent), detail };
  }
  const tones: Record<FeedStatus['state'], Tone> = {
    live: 'good',
    quiet: 'good',
    connecting: 'pending',
    proving: 'pending',
    repairing: 'pending',
    down: 'trouble',
  };
  const age = feed.lastTime === null ? '' : duration(now - feed.lastTime);
  return { name, word: feed.state, tone: tones[feed.state], age, detail };
}

function partTile(name: string, part: PartHealth | undefined, now: number, connected: boolean): StripTile {
  if (part === undefined)
    return { name, word: 'unknown', tone: 'off', age: '', detail: `${name}: the server says nothing of it.` };
  const silent = now - part.at;
  const detail = `${name}: ${part.state}${part.detail === '' ? '' : `, ${part.detail}`}.`;
  if (!connected || silent > statusSilence)
    return { name, word: 'stale', tone: 'off', age: duration(now - part.since), detail };
  const tones: Record<PartHealth['state'], Tone> = {
    ok: 'good',
    degraded: 'pending',
    down: 'trouble',
    off: 'off',
  };
  return { name, word: part.state, tone: tones[part.state], age: duration(now - part.since), detail };
}
