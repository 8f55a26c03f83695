import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { Simulator } from './index.ts';
import { recording, startSimulator } from './index.ts';

const data = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const usdm = ['btcusdt', 'ethusdt'].map((name) => `${data}binance-usdm-2024-08-08/${name}_20240808.gz`);
const spot = ['20240809', '20240808'].map((day) => `${data}binance-spot-2024-08-08/btcusdt_${day}.gz`);
const present = usdm.every((file) => existsSync(file));
if (!present && process.env.CI === 'true') throw new Error('the reference recordings are missing');
if (!present) console.log('the reference recordings are absent: tests over them did not run');

let simulator: Simulator | null = null;
const sockets: WebSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await simulator?.stop();
  simulator = null;
});

function connect(path: string): { readonly messages: string[]; readonly opened: Promise<void> } {
  const socket = new WebSocket(`${simulator!.wsUrl}${path}`);
  sockets.push(socket);
  const messages: string[] = [];
  socket.on('message', (message) => messages.push(String(message)));
  return { messages, opened: new Promise((resolve) => socket.on('open', () => resolve())) };
}

const settled = async (messages: readonly string[], count: number): Promise<void> => {
  while (messages.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
};

function recorded(file: string, stream: string): string[] {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n');
  return lines
    .filter((line) => line.includes(`"${stream}"`))
    .map((line) => line.slice(line.indexOf(' ') + 1).trim());
}

describe.skipIf(!present)('a recording', () => {
  it('is served verbatim and in order, every frame of both symbols', async () => {
    const history = recording(usdm);
    simulator = await startSimulator({ history, venue: history.venue, speed: 0 });
    const { messages } = connect('/public/stream?streams=btcusdt@trade/ethusdt@trade');
    await simulator.finished;
    await settled(messages, 21_313 + 14_076);
    const btc = messages.filter((message) => message.includes('"btcusdt@trade"'));
    expect(btc).toEqual(recorded(usdm[0]!, 'btcusdt@trade'));
    expect(messages.filter((message) => message.includes('"ethusdt@trade"'))).toEqual(
      recorded(usdm[1]!, 'ethusdt@trade'),
    );
    const ids = btc.map((message) => JSON.parse(message).data.t as number);
    expect(ids).toEqual(Array.from({ length: 21_313 }, (_, index) => 5266583935 + index));
  });

  it('waits until every symbol is subscribed, and tells the time of its first frame until then', async () => {
    const history = recording(usdm);
    simulator = await startSimulator({ history, venue: history.venue, speed: 0 });
    const { messages, opened } = connect('/public/ws/btcusdt@trade');
    await opened;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(messages).toEqual([]);
    expect(simulator.now()).toBe(history.span.first - 1);
    const body = await (await fetch(`${simulator.restUrl}/fapi/v1/aggTrades?symbol=BTCUSDT`)).json();
    expect(body).toEqual([]);
  });

  it('goes on serving REST when it has been played, with the same fills as its frames', async () => {
    const history = recording(usdm);
    simulator = await startSimulator({
      history,
      venue: history.venue,
      speed: Number.POSITIVE_INFINITY,
      startOn: 'start',
    });
    simulator.start();
    await simulator.finished;
    const rows: { id: number; price: string; qty: string; time: number; isBuyerMaker: boolean }[] = [];
    while (true) {
      const fromId = (rows.at(-1)?.id ?? 5266583934) + 1;
      const response = await fetch(
        `${simulator.restUrl}/fapi/v1/historicalTrades?symbol=BTCUSDT&fromId=${fromId}&limit=500`,
        { headers: { 'X-MBX-APIKEY': 'any' } },
      );
      const page = (await response.json()) as typeof rows;
      if (page.length === 0) break;
      rows.push(...page);
    }
    const frames = recorded(usdm[0]!, 'btcusdt@trade').map((line) => JSON.parse(line).data);
    expect(rows.map((row) => [row.id, row.price, row.qty, row.time, row.isBuyerMaker])).toEqual(
      frames.filter(({ X }) => X === 'MARKET').map(({ t, p, q, T, m }) => [t, p, q, T, m]),
    );
  });

  it('answers klines that equal the exchange in every complete minute', async () => {
    const history = recording(usdm);
    simulator = await startSimulator({ history, venue: history.venue, speed: 0, startOn: 'start' });
    simulator.start();
    await simulator.finished;
    for (const symbol of ['BTCUSDT', 'ETHUSDT']) {
      const csv = readFileSync(`${data}binance-usdm-2024-08-08/${symbol}-klines-1m.csv`, 'utf8')
        .trim()
        .split('\n');
      const expected = new Map(csv.slice(1).map((line) => [Number(line.split(',')[0]), line.split(',')]));
      const response = await fetch(`${simulator.restUrl}/fapi/v1/klines?symbol=${symbol}&interval=1m`);
      const rows = (await response.json()) as (string | number)[][];
      const complete = rows.filter(([time]) => Number(time) >= 1723161300000 && Number(time) < 1723161600000);
      expect(complete.length).toBe(5);
      for (const row of complete) expect(row.map(Number)).toEqual(expected.get(Number(row[0]))!.map(Number));
    }
  });

  it('of spot in two files, given in any order, plays as one', async () => {
    const history = recording(spot);
    expect(history.venue).toBe('binance-spot');
    simulator = await startSimulator({ history, venue: history.venue, speed: 0 });
    const { messages } = connect('/ws/btcusdt@trade');
    await settled(messages, 19_904);
    const ids = messages.map((message) => JSON.parse(message).t as number);
    expect(ids).toEqual(Array.from({ length: 19_904 }, (_, index) => 3735683259 + index));
  });

  it('serves aggregates whose fills are exactly the recorded ones', () => {
    const history = recording(usdm);
    let next = 5266583935;
    let previous = 0;
    for (const { id, firstTrade, lastTrade } of history.aggregates('BTCUSDT').from(0)) {
      if (previous) expect(id).toBe(previous + 1);
      expect(firstTrade).toBeGreaterThanOrEqual(next);
      expect(lastTrade).toBeGreaterThanOrEqual(firstTrade);
      next = lastTrade + 1;
      previous = id;
    }
    expect(next).toBe(5266605248);
  });
});
