import {
  type Analytics,
  type Bar,
  barTime,
  type Interval,
  intervalMs,
  parseInstrument,
  type Study,
  subjects,
} from '@tandem/common';
import {
  createLog,
  duckdbStore,
  healthRegistry,
  memoryBus,
  memorySettings,
  metricsRegistry,
  type ServiceContext,
} from '@tandem/runtime';
import {
  alertsOf,
  analyticsOf,
  barAt,
  feedOf,
  gapOf,
  priceAt,
  rules,
  studies,
  watched,
} from './market.fixture.ts';
import type { ApiOptions } from './options.ts';
import { type Api, startApi } from './service.ts';

/** The real ports of one process, in memory. */
export async function context(): Promise<ServiceContext> {
  return {
    bus: memoryBus(),
    store: await duckdbStore({ path: ':memory:' }),
    settings: memorySettings(),
    log: createLog({ level: 'silent' }),
    health: healthRegistry(),
    metrics: metricsRegistry(),
  };
}

export const options: ApiOptions = {
  dataset: 'live',
  host: '127.0.0.1',
  port: 0,
  allowedHosts: [],
  badge: {
    kind: 'SIMULATED',
    reason: 'No exchange could be reached; prices come from the built-in simulated market.',
  },
  instruments: watched,
  studies,
  rules,
  version: '0.1.0',
};

/** Writes history into the store and goes on publishing until stopped: what the other services would do. */
export async function startPreview(
  given: Partial<ApiOptions> = {},
  settings: { history: number; down?: string } = { history: 700 },
): Promise<{ api: Api; ports: ServiceContext; stop(): Promise<void> }> {
  const ports = await context();
  for (const part of ['ingestor', 'resampler', 'analytics', 'alerter', 'webhooks'])
    ports.health.part(part).report('ok');
  const origin = Date.now();
  const markets = studies.map((study) =>
    market(study, origin, study.interval === '5m' ? 140 : settings.history),
  );
  for (const one of markets) {
    await ports.store.write([
      { table: 'bars', rows: [...one.y, ...one.x] },
      { table: 'analytics', rows: one.rows },
      { table: 'alerts', rows: study1s(one.study) ? [] : alertsOf(one.rows) },
    ]);
  }
  const gaps = watched.map((instrument) => gapOf(instrument, origin)).filter((gap) => gap !== undefined);
  await ports.store.write([{ table: 'gaps', rows: gaps }]);
  const api = await startApi(ports, { ...options, ...given });
  const timer = setInterval(() => {
    for (const one of markets) advance(one, ports, origin);
    const now = Date.now();
    for (const instrument of watched) {
      const { venue, symbol } = parseInstrument(instrument)!;
      const down = instrument === settings.down;
      const feed = feedOf(instrument, now, down ? 'down' : 'live', down ? 'connection refused' : '');
      void ports.bus.publish(subjects.feeds(venue, symbol), feed);
    }
  }, 250);
  return {
    api,
    ports,
    async stop() {
      clearInterval(timer);
      await api.stop();
      await ports.bus.close();
      await ports.store.close();
    },
  };
}

const study1s = (study: Study) => study.interval === '1s';

interface Market {
  readonly study: Study;
  readonly y: Bar[];
  readonly x: Bar[];
  readonly rows: Analytics[];
}

function market(study: Study, origin: number, bars: number): Market {
  const length = intervalMs[study.interval];
  const last = barTime(origin, study.interval) - length;
  const made: Market = { study, y: [], x: [], rows: [] };
  for (let index = bars - 1; index >= 0; index -= 1) grow(made, last - index * length, origin);
  return made;
}

function grow({ study, y, x, rows }: Market, time: number, origin: number): Analytics {
  y.push(barAt(study.y, study.interval, time, origin));
  x.push(barAt(study.x, study.interval, time, origin));
  const row = analyticsOf(study, y.slice(-study.window), x.slice(-study.window));
  rows.push(row);
  return row;
}

function advance(one: Market, { bus, store }: ServiceContext, origin: number): void {
  const { study } = one;
  const length = intervalMs[study.interval];
  const now = Date.now();
  const due = one.y.at(-1)!.time + length;
  if (now >= due + length) {
    const row = grow(one, due, origin);
    void store.write([
      { table: 'bars', rows: [one.y.at(-1)!, one.x.at(-1)!] },
      { table: 'analytics', rows: [row] },
    ]);
    publishBar(bus, 'bars', study.interval, study.y, one.y.at(-1)!);
    publishBar(bus, 'bars', study.interval, study.x, one.x.at(-1)!);
    void bus.publish(subjects.analytics(study.id), row);
  }
  const y = formingBar(study.y, study.interval, now);
  const x = formingBar(study.x, study.interval, now);
  publishBar(bus, 'forming', study.interval, study.y, y);
  publishBar(bus, 'forming', study.interval, study.x, x);
  const last = one.rows.at(-1)!;
  if (last.beta === null || last.alpha === null || last.spreadDeviation === null) return;
  const spread = y.close! - last.alpha - last.beta * x.close!;
  void bus.publish(subjects.live(study.id), {
    ...last,
    time: y.time,
    spread,
    z: spread / last.spreadDeviation,
  });
}

function formingBar(instrument: string, interval: Interval, now: number): Bar {
  const time = barTime(now, interval);
  const price = priceAt(instrument, now);
  return { ...barAt(instrument, interval, time, 0), close: price, complete: false };
}

function publishBar(
  bus: ServiceContext['bus'],
  kind: 'bars' | 'forming',
  interval: Interval,
  instrument: string,
  bar: Bar,
): void {
  const { venue, symbol } = parseInstrument(instrument)!;
  void bus.publish(subjects[kind](interval, venue, symbol), bar);
}
