import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from './command.ts';
import { canMount, smallDisk } from './small-disk.ts';
import { scratch, Tandem } from './tandem.ts';

let directory: Awaited<ReturnType<typeof scratch>>;
let count = 0;
beforeAll(async () => {
  directory = await scratch();
});
afterAll(() => directory.remove());

/** Settings with a data directory of their own. */
const settings = () => ({
  DATA: join(directory.path, `data-${++count}`),
  FEED: 'sim',
  PORT: '0',
  LOG_LEVEL: 'warn',
  LOG_FORMAT: 'pretty',
});

/** Tandem must end with 1 after lines that are each a sentence for a person. */
async function refusal(environment: Record<string, string>, argv: readonly string[] = []): Promise<string[]> {
  const { code, output } = await runCommand(['start', ...argv], environment);
  expect(code, output).toBe(1);
  const lines = output.trimEnd().split('\n');
  // No stack, no object, no line of code.
  for (const line of lines) expect(line).not.toMatch(/^\s+at |^\s*[{}]|node:internal|Error:.*\(/);
  return lines;
}

describe('settings that are not right', () => {
  it('are refused all at once, one sentence each, before anything is made', async () => {
    const given = {
      ...settings(),
      FOO: '1',
      RULEZ: '2',
      RULE_Z: 'two',
      PORT: '70000',
      WINDOWS: '1s=NaN',
      BINANCE_USDM_WS: 'http://example.com',
      BINANCE_SPOT_REST: 'nonsense',
    };
    const lines = await refusal(given, ['--pears', 'BTCUSDT/ETHUSDT', '--retention-days', 'ticks=-1']);
    for (const [index, expected] of [
      /^TANDEM_FOO is no setting/,
      /^TANDEM_RULEZ is no setting: did you mean TANDEM_RULE_Z\?/,
      /^--pears is no setting: did you mean --pairs\?/,
      /^TANDEM_WINDOWS is "1s=NaN"/,
      /^TANDEM_BINANCE_USDM_WS is "http:\/\/example.com".*wss:\/\//,
      /^TANDEM_BINANCE_SPOT_REST is "nonsense"/,
      /^TANDEM_PORT is "70000".*65535/,
      /^--retention-days is "ticks=-1"/,
      /^TANDEM_RULE_Z is "two"/,
    ].entries())
      expect(lines[index]).toMatch(expected);
    expect(lines.length).toBe(9);
    expect(existsSync(given.DATA)).toBe(false);
  });

  it.each(['BTC.USDT>', 'BTCUSDT\r\nETHUSDT', '../../etc', 'B'.repeat(41), "BTC';DROP TABLE bars--", '*'])(
    'refuse the symbol %j in one line',
    async (symbol) => {
      const lines = await refusal({ ...settings(), INSTRUMENTS: symbol });
      expect(lines.length).toBe(1);
      expect(lines[0]).toMatch(/^TANDEM_INSTRUMENTS is ".*", which is refused: write symbols/);
    },
  );

  it('refuse a venue that cannot be watched live', async () => {
    const lines = await refusal({ ...settings(), INSTRUMENTS: 'kraken:XBTUSD' });
    expect(lines).toEqual([
      expect.stringMatching(
        /kraken cannot be watched live: use instruments of binance-usdm, binance-spot, sim\.$/,
      ),
    ]);
  });
});

describe('a place for data that is not right', () => {
  it('is refused in one line that names what is in the way', async () => {
    const file = join(directory.path, 'file');
    await writeFile(file, 'mine');
    for (const DATA of [file, join(file, 'below', 'it')]) {
      const lines = await refusal({ ...settings(), DATA });
      expect(lines).toEqual([
        `the directory ${DATA} cannot be made: ${file} is no directory: choose another with TANDEM_DATA`,
      ]);
    }
    expect(await readFile(file, 'utf8')).toBe('mine');
  });

  it.skipIf(!existsSync('/proc/self'))(
    'is refused, and not tried for ever, where nobody can make one',
    async () => {
      const lines = await refusal({ ...settings(), DATA: '/proc/tandem' });
      expect(lines).toEqual([
        expect.stringMatching(/^the directory \/proc\/tandem cannot be made: .*TANDEM_DATA$/),
      ]);
    },
  );

  it.skipIf(!canMount)('is refused in one line if it is read-only, new or used before', async () => {
    const disk = await smallDisk(join(directory.path, 'read-only'), 32);
    try {
      const used = { ...settings(), DATA: join(disk.path, 'used') };
      const tandem = new Tandem(used);
      await tandem.start();
      expect(await tandem.stop()).toBe(0);
      disk.protect();
      expect(await refusal(used)).toEqual([expect.stringContaining('read-only')]);
      expect(await refusal({ ...used, DATA: join(disk.path, 'new') })).toEqual([
        expect.stringMatching(
          /cannot be made: the file system is read-only: choose another with TANDEM_DATA/,
        ),
      ]);
    } finally {
      await disk.remove();
    }
  });

  it('that is in use is refused to a second process, and the first does not notice', async () => {
    const first = { ...settings() };
    const tandem = new Tandem(first);
    await tandem.start();
    try {
      expect(await refusal(first)).toEqual([
        expect.stringMatching(
          /settings in \S+ cannot be opened: process \d+ has it open: is Tandem already running\?/,
        ),
      ]);
      expect(await refusal({ ...first, SETTINGS: 'memory:' })).toEqual([
        expect.stringMatching(
          /database \S+ is in use by another process \(PID \d+\): is Tandem already running\?/,
        ),
      ]);
      const { services } = await tandem.get<{ services: Record<string, { state: string }> }>('/status');
      expect(services.store?.state).toBe('ok');
    } finally {
      expect(await tandem.stop()).toBe(0);
    }
  });
});

describe('what stands in the way of a start', () => {
  it('a port in use is said in one line, and the next start finds everything in order', async () => {
    const stranger = createServer();
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const { port } = stranger.address() as AddressInfo;
    const given = settings();
    const lines = await refusal({ ...given, PORT: String(port) });
    await new Promise((resolve) => stranger.close(resolve));
    expect(lines).toEqual([
      expect.stringMatching(`could not start: Port ${port} on 127.0.0.1 is already in use: stop`),
    ]);
    const tandem = new Tandem(given);
    await tandem.start();
    expect(await tandem.stop()).toBe(0);
  });

  it('a document of the settings that is damaged is named, and left as it is', async () => {
    const given = { ...settings(), FEED: 'auto' };
    const file = join(given.DATA, 'settings', 'choices', 'feed.json');
    await mkdir(join(given.DATA, 'settings', 'choices'), { recursive: true });
    for (const [text, expected] of [
      [
        '{"revision":1,"value":{"venue":',
        /^the document \S+feed.json cannot be read: .*mend it or move it away$/,
      ],
      ['{"revision":1,"value":{"venue":"mars","reason":""}}', /choices\/feed names no feed: set TANDEM_FEED/],
    ] as const) {
      await writeFile(file, text);
      expect(await refusal(given)).toEqual([expect.stringMatching(expected)]);
      expect(await readFile(file, 'utf8')).toBe(text);
    }
  });

  it('a database that is damaged is named, and nothing of it is deleted', async () => {
    const given = settings();
    const file = join(given.DATA, 'tandem.duckdb');
    const tandem = new Tandem(given);
    await tandem.start();
    expect(await tandem.stop()).toBe(0);
    const whole = await readFile(file);
    const spoilt = Buffer.from(whole);
    spoilt.fill(0xa5, 12_288, Math.min(whole.length, 600_000));
    for (const content of [whole.subarray(0, 100_000), spoilt, Buffer.from('no database')]) {
      await writeFile(file, content);
      expect(await refusal(given)).toEqual([
        expect.stringMatching(
          /^the database \S+tandem.duckdb is damaged \(.*\): bring back a copy, or move it away/,
        ),
      ]);
      expect((await readFile(file)).equals(content)).toBe(true);
    }
    await writeFile(file, whole);
    await tandem.start();
    expect(await tandem.stop()).toBe(0);
  });
});
