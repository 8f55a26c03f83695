import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { market, type Simulator, startSimulator } from '@tandem/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from './command.ts';
import { freePort, scratch, Tandem } from './tandem.ts';

describe('tandem doctor', () => {
  let exchange: Simulator;
  let directory: Awaited<ReturnType<typeof scratch>>;
  const settings = () => ({
    DATA: join(directory.path, 'data'),
    FEED: 'binance-usdm',
    INSTRUMENTS: 'BTCUSDT,ETHUSDT',
    BINANCE_USDM_WS: exchange.wsUrl,
    BINANCE_USDM_REST: exchange.restUrl,
    PORT: '0',
  });

  beforeAll(async () => {
    exchange = await startSimulator({ history: market(7), venue: 'binance-usdm' });
    directory = await scratch();
  });
  afterAll(async () => {
    await exchange.stop();
    await directory.remove();
  });

  it('finds nothing wrong where everything works: a trade came on the right tier of either stream', async () => {
    for (const [STREAM, more] of [
      ['aggTrade', {}],
      ['trade', { BINANCE_API_KEY: 'key' }],
    ] as const) {
      const { code, output } = await runCommand(['doctor'], { ...settings(), STREAM, ...more });
      expect(output).toContain('0 problems');
      expect(output).toMatch(/ok +binance-usdm stream +connected in \d+ ms, first trade of BTCUSDT/);
      expect(output).toMatch(/ok +binance-usdm clock +this machine is \d+ ms/);
      expect(code).toBe(0);
    }
  });

  it('names a symbol that does not exist, a refusal, and a stream that is silent although the market trades', async () => {
    const unknown = await runCommand(['doctor'], { ...settings(), INSTRUMENTS: 'BTCUSDT,NOPEUSDT' });
    expect(unknown.output).toMatch(/problem +binance-usdm instruments +NOPEUSDT not known/);
    expect(unknown.code).toBe(1);

    exchange.faults.rest({ answer: 'status', status: 451 });
    const refused = await runCommand(['doctor'], settings());
    exchange.faults.clear();
    expect(refused.output).toMatch(/problem +binance-usdm REST +answered 451/);
    expect(refused.code).toBe(1);

    exchange.faults.skip({ stream: 'btcusdt@aggTrade', count: 100_000 });
    const silent = await runCommand(['doctor'], settings());
    exchange.faults.clear();
    expect(silent.output).toMatch(/problem +binance-usdm stream +connected.*although REST lists new ones/);
    expect(silent.code).toBe(1);
  });

  it('has clear lines and an end without a network', async () => {
    const nobody = `127.0.0.1:${await freePort()}`;
    const { code, output } = await runCommand(['doctor'], {
      ...settings(),
      BINANCE_USDM_WS: `ws://${nobody}`,
      BINANCE_USDM_REST: `http://${nobody}`,
      WEBHOOKS: `http://${nobody}/secret-path`,
    });
    expect(output).toMatch(/problem +binance-usdm REST .*did not answer \(.*ECONNREFUSED/);
    expect(output).toMatch(/problem +binance-usdm stream +no connection/);
    expect(output).toMatch(/problem +webhook 1 +127.0.0.1 is not on the public internet/);
    expect(output).not.toContain('secret-path');
    expect(output).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
  });

  it('tells all faults of the settings, and of the data directory', async () => {
    const wrong = await runCommand(['doctor', '--nonsense'], { PORTS: '1', PORT: 'x' });
    expect(wrong.output).toMatch(/TANDEM_PORTS is no setting.*TANDEM_PORT\?/);
    expect(wrong.output).toMatch(/TANDEM_PORT is "x"/);
    expect(wrong.output).toMatch(/--nonsense is no setting/);
    expect(wrong.code).toBe(1);

    const file = join(directory.path, 'file');
    await writeFile(file, '');
    const below = await runCommand(['doctor'], { ...settings(), DATA: join(file, 'data') });
    expect(below.output).toMatch(/problem +data directory +\S+file is no directory/);
    expect(below.code).toBe(1);
  });

  it('asks the Tandem that runs, whose files it cannot open, and knows a stranger on its port', async () => {
    const stranger = createServer((_, response) => response.end('hello'));
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const taken = String((stranger.address() as AddressInfo).port);
    const other = await runCommand(['doctor'], { ...settings(), PORT: taken });
    expect(other.output).toMatch(/problem +port +\d+ on 127.0.0.1 is taken/);
    expect(other.code).toBe(1);
    await new Promise((resolve) => stranger.close(resolve));

    const tandem = new Tandem(settings());
    await tandem.start();
    try {
      const { output } = await runCommand(['doctor'], { ...settings(), PORT: new URL(tandem.url).port });
      expect(output).toMatch(/ok +settings +in use by the Tandem at/);
      expect(output).toMatch(/ok +store +in use by the Tandem at.*which says: ok/);
      expect(output).toMatch(/ok +port +Tandem \S+ runs at/);
      expect(output).toContain('0 problems');
      const elsewhere = await runCommand(['doctor'], settings());
      expect(elsewhere.output).toMatch(/problem +store .*in use by another process/);
      expect(elsewhere.code).toBe(1);
    } finally {
      await tandem.stop();
    }
    const again = await runCommand(['doctor'], settings());
    expect(again.output).toMatch(/ok +store +\S+tandem.duckdb opens/);
    expect(again.code).toBe(0);
  });
});
