import type { Analytics, Bar, Gap, Tick } from '@tandem/common';
import { market, startSimulator } from '@tandem/simulator';
import { describe, expect, it } from 'vitest';
import { freePort, scratch, Tandem, until } from './tandem.ts';

const instrument = 'sim:BTCUSDT';
const studies = ['btc-eth-1m', 'btc-eth-1s'];

interface Status {
  badge: { kind: string; reason: string };
}

async function newestBar(tandem: Tandem): Promise<number> {
  const { rows } = await tandem.get<{ rows: Bar[] }>(`/bars?instrument=${instrument}&interval=1s&limit=1`);
  return rows[0]?.time ?? 0;
}

/** Own bars of one second: those before the first whole one are the venue's history, and the first partial one. */
async function ownBars(tandem: Tandem): Promise<Bar[]> {
  const bars = await tandem.table<Bar>(`bars?instrument=${instrument}&interval=1s`);
  return bars.filter(({ source }) => source === 'trades');
}

describe('a start without an exchange, and the next one', () => {
  it('shows current analytics of the simulated exchange, stops at Ctrl-C, and goes on without a hole', async () => {
    const directory = await scratch();
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const settings = {
      DATA: directory.path,
      FEED: 'auto',
      PORT: '0',
      LOG_LEVEL: 'warn',
      LOG_FORMAT: 'json',
      BINANCE_USDM_REST: nobody,
      BINANCE_SPOT_REST: nobody,
    };
    const exchange = await startSimulator({ history: market(3), venue: 'binance-usdm' });
    const first = new Tandem(settings);
    // An exchange can be reached by now, but the choice stays: data of two feeds would be one chart.
    const second = new Tandem({
      ...settings,
      BINANCE_USDM_REST: exchange.restUrl,
      BINANCE_USDM_WS: exchange.wsUrl,
    });
    try {
      await first.start();
      await until(
        'z of both studies is there',
        async () => {
          const rows = studies.map(async (study) => {
            const answer = await first.get<{ rows: Analytics[] }>(`/analytics?study=${study}&limit=1`);
            return answer.rows[0];
          });
          // Whether the pair is fit for an entry at this hour ("invalid" if not) is the market's affair.
          const known = (row?: Analytics) => row !== undefined && row.state !== 'warming' && row.z !== null;
          return (await Promise.all(rows)).every(known);
        },
        // How long it takes is what `npm run bench` says; here it must come.
        60_000,
      );
      const { badge } = await first.get<Status>('/status');
      expect(badge.kind).toBe('SIMULATED');
      expect(badge.reason).toMatch(/no exchange could be reached.*ECONNREFUSED/);

      const shown = await newestBar(first);
      await until('some more seconds have closed', async () => (await newestBar(first)) >= shown + 3_000);
      const end = await newestBar(first);
      expect(await first.stop()).toBe(0);

      await second.start();
      expect((await second.get<Status>('/status')).badge).toEqual(badge);
      await until('the second start goes on', async () => (await newestBar(second)) >= end + 5_000);

      const bars = await ownBars(second);
      const before = bars.findIndex(({ time }) => time === end);
      expect(before).toBeGreaterThan(0);
      const since = bars[0]?.time ?? 0;
      expect(bars.map(({ time }) => time)).toEqual(bars.map((_, index) => since + index * 1_000));
      // The first second of all was seen in part; after it none, not even where one process ended.
      expect(bars.slice(1).filter(({ complete, gap }) => !complete || gap)).toEqual([]);
      expect((await second.get<{ rows: Gap[] }>('/gaps')).rows).toEqual([]);

      const ticks = await second.table<Tick>(`ticks?instrument=${instrument}`);
      const ids = ticks.map(({ id }) => Number(id)).sort((a, b) => a - b);
      const firstId = ids[0] ?? 0;
      expect(ids.length).toBeGreaterThan(20);
      expect(ids).toEqual(ids.map((_, index) => firstId + index));
      expect(await second.stop()).toBe(0);
      expect(exchange.state.connections).toEqual([]);
    } catch (error) {
      const said = `${first.output.slice(-2_000)}\n${second.output.slice(-2_000)}`;
      throw new Error(`${error instanceof Error ? error.stack : error}\n${said}`);
    } finally {
      await first.kill();
      await second.kill();
      await exchange.stop();
      await directory.remove();
    }
  }, 300_000);
});
