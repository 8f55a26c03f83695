import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { faultPlan, type Simulator } from '@tandem/simulator';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasReference, klines, nineFields, usdm } from './reference.ts';
import { recorded, serveRecording, watching } from './served-recording.ts';
import { expectEqualTables, type Tables, tablesOf } from './tables.ts';
import { scratch, Tandem, until } from './tandem.ts';

const speed = 10;
const intervals = ['1s', '1m', '5m'];
const studies = ['btc-eth-1s', 'btc-eth-1m'];
/** The seconds of the last, partial, day. */
const end = usdm.end;

/** A receiver of webhooks that remembers the ids it was sent. */
async function receiver() {
  const ids = new Set<string>();
  const server = createServer((request, response) => {
    ids.add(String(request.headers['webhook-id']));
    request.resume().on('end', () => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return { ids, url, stop: () => new Promise((resolve) => server.close(resolve)) };
}

/** Lets Tandem watch the recording to its end while `disturb` does its worst, and reads the tables. */
async function run(simulator: Simulator, disturb: (tandem: Tandem) => Promise<void> = async () => {}) {
  const directory = await scratch();
  const hooks = await receiver();
  const tandem = new Tandem({ ...watching(simulator, directory.path), WEBHOOKS: hooks.url });
  try {
    await tandem.start();
    await disturb(tandem);
    await recorded(tandem, 240_000);
    const tables = await tablesOf(tandem, usdm.symbols, intervals, studies, end);
    const told = toldOf(tables.alerts);
    await until('all that leaves has been delivered', () => told.every((id) => hooks.ids.has(id)));
    return { tables, delivered: hooks.ids };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${tandem.output.slice(-4_000)}`);
  } finally {
    await tandem.stop();
    await simulator.stop();
    await hooks.stop();
    await directory.remove();
  }
}

/** What leaves: an inhibited entry is only shown. */
const toldOf = (alerts: Tables['alerts']) =>
  alerts.filter(({ transition }) => transition !== 'inhibited').map(({ id }) => id);

describe.skipIf(!hasReference)('a recorded market, served as the exchange would', () => {
  let undisturbed: { tables: Tables; delivered: Set<string> };

  beforeAll(async () => {
    undisturbed = await run(await serveRecording(speed));
  }, 300_000);

  it('gives bars equal to the exchange in all nine fields for every complete minute', () => {
    for (const symbol of usdm.symbols) {
      const expected = klines(symbol);
      const bars = undisturbed.tables.bars[`${symbol} 1m`] ?? [];
      const complete = bars.filter((bar) => bar.complete);
      expect(complete.map((bar) => bar.time)).toEqual(
        [0, 1, 2, 3, 4].map((minute) => usdm.firstComplete + minute * 60_000),
      );
      for (const bar of complete) {
        expect(bar.source).toBe('trades');
        expect(nineFields(bar)).toEqual(expected.get(bar.time));
      }
      expect(bars[0]).toMatchObject({ time: usdm.firstComplete - 60_000, complete: false });
    }
  });

  it('has rows in every table, and has delivered every alert', () => {
    const { tables, delivered } = undisturbed;
    expect(tables.ticks.BTCUSDT?.length).toBe(21_313);
    expect(tables.ticks.ETHUSDT?.length).toBe(14_076);
    expect(tables.analytics['btc-eth-1s']?.some((row) => row.z !== null)).toBe(true);
    expect(tables.alerts.length).toBeGreaterThan(3);
    expect([...delivered]).toEqual(expect.arrayContaining(toldOf(tables.alerts)));
  });

  it('gives the same tables when the exchange drops, skips, repeats, reorders, mutes and spoils frames', async () => {
    const rates = {
      drop: 5e-5,
      disconnect: 5e-5,
      skip: 2e-4,
      repeat: 1e-2,
      reorder: 1e-2,
      malformed: 3e-4,
      mute: 2e-5,
    };
    const { tables } = await run(await serveRecording(speed, faultPlan(41, rates)));
    expectEqualTables(tables, undisturbed.tables);
  }, 300_000);

  it('gives the same tables when the process is killed at twenty moments under load', async () => {
    let seed = 20_240_808;
    const random = () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed / 2 ** 32;
    };
    const simulator = await serveRecording(speed / 4);
    let over = false;
    void simulator.finished.then(() => {
      over = true;
    });
    const { tables, delivered } = await run(simulator, async (tandem) => {
      for (let kill = 0; kill < 20; kill++) {
        await sleep(100 + 1_500 * random());
        // A kill after the last trade would prove nothing.
        expect(over, `the recording ended before kill ${kill}`).toBe(false);
        await tandem.kill();
        await tandem.start();
      }
    });
    expectEqualTables(tables, undisturbed.tables);
    expect([...delivered]).toEqual(expect.arrayContaining(toldOf(tables.alerts)));
  }, 300_000);
});
