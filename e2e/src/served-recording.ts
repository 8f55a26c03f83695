import { setTimeout as sleep } from 'node:timers/promises';
import { type FeedStatus, intervalMs, type Study } from '@tandem/common';
import { type FaultPlan, recording, type Simulator, startSimulator } from '@tandem/simulator';
import { usdm } from './reference.ts';
import { type Environment, type Reader, Tandem, until } from './tandem.ts';

/** Rows are evaluated within moments; a busy machine may need more, ms. */
const calmFor = 3_000;
const calmStep = 500;

/** The recorded market, served live at a multiple of its speed from when both instruments are subscribed. */
export function serveRecording(speed: number, faults?: FaultPlan): Promise<Simulator> {
  const history = recording(usdm.files, { others: true });
  return startSimulator({
    history,
    venue: 'binance-usdm',
    speed,
    ...(faults === undefined ? {} : { faults }),
  });
}

/** Settings of a Tandem that watches the served recording fill by fill, without the venue's own bars. */
export function watching(simulator: Simulator, data: string): Environment {
  return {
    FEED: 'binance-usdm',
    STREAM: 'trade',
    INSTRUMENTS: usdm.symbols.join(','),
    PAIRS: 'BTCUSDT/ETHUSDT',
    WINDOWS: '1s=60,1m=20,5m=20',
    BINANCE_USDM_WS: simulator.wsUrl,
    BINANCE_USDM_REST: simulator.restUrl,
    BINANCE_API_KEY: 'key',
    WARM_START: 'false',
    DATA: data,
    PORT: '0',
    LOG_FORMAT: 'json',
    LOG_LEVEL: 'warn',
    RULE_INTERVALS: '1s',
    RULE_Z: '1.5',
    RULE_BARS: '1',
    RULE_CORRELATION: '-1',
    RULE_COOLDOWN: '0',
    WEBHOOK_PRIVATE: 'true',
    // The recording is of 2024: by the wall clock its rows would be due to be deleted.
    RETENTION_DAYS: 'ticks=36500,gaps=36500,bars=36500,analytics=36500,alerts=36500,deliveries=36500',
  };
}

/** Waits until every recorded trade is in, and what follows from the last complete minute is stored. */
export async function recorded(tandem: Pick<Reader, 'get' | 'table'>, patience: number): Promise<void> {
  await until(
    'the whole recording is in',
    async () => {
      const { feeds } = await tandem.get<{ feeds: FeedStatus[] }>('/feeds').catch(() => ({ feeds: [] }));
      return usdm.symbols.every((symbol) => {
        const feed = feeds.find((one) => one.symbol === symbol);
        return feed?.lastId === usdm.lastId[symbol] && (feed.watermark ?? 0) >= usdm.end;
      });
    },
    patience,
  );
  // The last bars of the day close, and each is analysed.
  const { studies } = await tandem.get<{ studies: Study[] }>('/status');
  for (const { id, interval } of studies) {
    await until(`the last row of ${id} is stored`, async () => {
      const { rows } = await tandem.get<{ rows: { time: number }[] }>(
        `/analytics?study=${id}&to=${usdm.end}&limit=1`,
      );
      return (rows[0]?.time ?? 0) >= usdm.end - intervalMs[interval];
    });
  }
  // Which alerts these rows raise nobody can know beforehand: their evaluation is over when no more come.
  let before = -1;
  let calm = 0;
  await until('the last rows are evaluated', async () => {
    const { length } = await tandem.table(`alerts?to=${usdm.end}`);
    calm = length === before ? calm + 1 : 0;
    before = length;
    await sleep(calmStep);
    return calm * calmStep >= calmFor;
  });
}

export { Tandem };
