import { type Alert, type FeedState, type FeedStatus, presets, subjects } from '@tandem/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AlertDesk } from './alert-desk.ts';
import { type World, world } from './alerter.fixture.ts';
import { ClockWatch, type ClockWatchOptions } from './clock-watch.ts';
import { compileRule } from './core/compile-rule.ts';
import { minute, row, start } from './core/rows.fixture.ts';

const second = 1_000;
const instruments = ['sim:BTCUSDT', 'sim:ETHUSDT', 'sim:XRPUSDT'];
const studies = [{ id: 'btc-eth-1m', interval: '1m' as const, y: 'sim:BTCUSDT', x: 'sim:ETHUSDT' }];
const active = (...rules: Parameters<typeof compileRule>) => [
  { compiled: compileRule(...rules), effectiveFrom: 0 },
];
const none = new Set<string>();

let one: World;
let watches: ClockWatch[];
beforeEach(async () => {
  one = await world();
  watches = [];
});
afterEach(async () => {
  for (const watch of watches) await watch.close();
  await one.end();
});

function open(watched: ClockWatchOptions['studies'] = studies): ClockWatch {
  const context = one.context();
  const desk = new AlertDesk(context, {
    dataset: 'live',
    deliveries: { rowsFor: () => [], send: () => {} },
    silenced: () => undefined,
    onAlert: () => {},
  });
  const refuse = (sentence: string) => void one.lines.push(sentence);
  const watch = new ClockWatch(context, desk, {
    dataset: 'live',
    simulated: false,
    instruments,
    studies: watched,
    ticking: false,
    refuse,
  });
  watches.push(watch);
  watch.open();
  return watch;
}

async function says(symbol: string, state: FeedState, given: Partial<FeedStatus> = {}): Promise<void> {
  const counts = {
    frames: 0,
    ticks: 0,
    filtered: 0,
    duplicates: 0,
    malformed: 0,
    refused: 0,
    gaps: 0,
    repaired: 0,
    reconnects: 0,
  };
  await one.bus.publish(subjects.feeds('sim', symbol), {
    venue: 'sim',
    symbol,
    state,
    at: one.clock,
    detail: '',
    retryAt: null,
    lastId: '1',
    lastTime: one.clock,
    watermark: one.clock,
    lag: 40,
    counts,
    ...given,
  });
}

/** A second after another: what each feed says, then a look. */
async function pass(
  watch: ClockWatch,
  seconds: number,
  state: Record<string, FeedState | null> = {},
): Promise<void> {
  for (let count = 0; count < seconds; count++) {
    one.clock += second;
    for (const instrument of instruments) {
      const symbol = instrument.slice('sim:'.length);
      const said = state[symbol] === undefined ? 'live' : state[symbol];
      if (said !== null) await says(symbol, said);
    }
    await watch.look();
  }
}
const inWords = ({ study, time, transition }: Alert) => `${study} ${(time - start) / second} ${transition}`;
const told = async () => (await one.alerts()).map(inWords);

describe('a feed that is dead', () => {
  const dead = presets['feed-dead'].rule({ seconds: 5 });

  it('is told after the seconds asked for, once, and its return at once', async () => {
    const watch = open();
    await watch.change(active(dead), none);
    await pass(watch, 20);
    expect(await told()).toEqual([]);
    await pass(watch, 10, { ETHUSDT: 'down' });
    await pass(watch, 3);
    expect(await told()).toEqual(['sim-ethusdt 25 firing', 'sim-ethusdt 31 resolved']);
    expect((await one.alerts())[0]).toMatchObject({
      instrument: 'sim:ETHUSDT',
      severity: 'critical',
      text: 'feed.state down for 5 s',
      inputs: { 'feed.state': 'down' },
      direction: null,
      z: null,
      link: expect.stringContaining('alert='),
    });
  });

  it('that says nothing at all is silent after ten seconds, from the start too', async () => {
    const watch = open();
    await watch.change(active(dead), none);
    await pass(watch, 20, { XRPUSDT: null });
    expect(await told()).toEqual(['sim-xrpusdt 14 firing']);
  });

  it('for a moment is none: quiet, repairing and short outages are not told', async () => {
    const watch = open();
    await watch.change(active(dead), none);
    await pass(watch, 4, { ETHUSDT: 'down' });
    await pass(watch, 10, { ETHUSDT: 'quiet', BTCUSDT: 'repairing' });
    await pass(watch, 4, { ETHUSDT: 'down' });
    await pass(watch, 1);
    expect(await told()).toEqual([]);
  });

  it('at the end of one process and the start of another is told once, and its return by the second', async () => {
    const first = open();
    await first.change(active(dead), none);
    await pass(first, 8, { ETHUSDT: 'down' });
    await first.close();
    const watch = open();
    await watch.change(active(dead), none);
    await pass(watch, 8, { ETHUSDT: 'down' });
    await pass(watch, 1);
    expect(await told()).toEqual(['sim-ethusdt 5 firing', 'sim-ethusdt 17 resolved']);
  });

  it('is watched on the legs of the studies in scope, or on the instruments named', async () => {
    const watch = open();
    await watch.change(
      [
        ...active({ ...dead, id: 'legs', scope: { studies: ['btc-eth-1m'] } }),
        ...active({ ...dead, id: 'named', scope: { instruments: ['sim:XRPUSDT'] } }),
      ],
      none,
    );
    await pass(watch, 6, { BTCUSDT: 'down', ETHUSDT: 'down', XRPUSDT: 'down' });
    expect((await one.alerts()).map(({ rule, study }) => `${rule} ${study}`).sort()).toEqual([
      'legs sim-btcusdt',
      'legs sim-ethusdt',
      'named sim-xrpusdt',
    ]);
  });

  it('whose rule is deleted ends, in this process or before the next', async () => {
    const first = open();
    await first.change(active(dead), none);
    await pass(first, 8, { ETHUSDT: 'down' });
    await first.change([], none);
    expect(await told()).toEqual(['sim-ethusdt 5 firing', 'sim-ethusdt 8 resolved']);
    await first.change(active(dead), none);
    await pass(first, 8, { ETHUSDT: 'down' });
    expect(await told()).toHaveLength(3);
    await first.close();
    const watch = open();
    await watch.change([], none);
    expect((await told()).at(-1)).toBe('sim-ethusdt 16 resolved');
  });

  it('is looked at again when the alert could not be stored', async () => {
    const watch = open();
    await watch.change(active(dead), none);
    const write = one.store.write;
    one.store.write = () => Promise.reject(new Error('the disk is full'));
    await pass(watch, 7, { ETHUSDT: 'down' });
    expect(one.lines.some((line) => line.includes('the disk is full'))).toBe(true);
    one.store.write = write;
    await pass(watch, 2, { ETHUSDT: 'down' });
    expect(await told()).toEqual(['sim-ethusdt 8 firing']);
  });
});

describe('numbers of a feed', () => {
  it('are compared: lag, and the time since the last trade, which grows while nothing is said', async () => {
    const watch = open();
    const rule = (field: 'feed.lag' | 'feed.quietFor') => ({
      ...presets['feed-dead'].rule({ seconds: 1 }),
      id: field === 'feed.lag' ? 'lag' : 'quiet',
      when: { field, is: '>' as const, value: 3_000 },
    });
    await watch.change([...active(rule('feed.lag')), ...active(rule('feed.quietFor'))], none);
    one.clock += second;
    await says('BTCUSDT', 'live', { lag: 3_001 });
    await says('ETHUSDT', 'live', { lag: null });
    await watch.look();
    one.clock += 4 * second;
    await watch.look();
    expect((await one.alerts()).map(({ rule, study }) => `${rule} ${study}`).sort()).toEqual([
      'lag sim-btcusdt',
      'quiet sim-btcusdt',
      'quiet sim-ethusdt',
    ]);
  });
});

describe('a study without new rows', () => {
  const old = presets['no-data'].rule({ minutes: 2 });

  it('is told when its newest row is too old, and its next row ends it', async () => {
    const watch = open();
    await watch.change(active(old), none);
    watch.hearRow('btc-eth-1m', start - minute);
    one.clock = start + 2 * minute - 1;
    await watch.look();
    expect(await told()).toEqual([]);
    one.clock += second;
    await watch.look();
    watch.hearRow('btc-eth-1m', start + 2 * minute);
    one.clock += second;
    await watch.look();
    expect(await told()).toEqual(['btc-eth-1m 120 firing', 'btc-eth-1m 121 resolved']);
    expect((await one.alerts())[0]).toMatchObject({ study: 'btc-eth-1m', instrument: null });
  });

  it('of long bars is not late as long as its bar is open', async () => {
    const watch = open([{ id: 'btc-eth-5m', interval: '5m' }]);
    await watch.change(active(presets['no-data'].rule()), none);
    watch.hearRow('btc-eth-5m', start);
    // The next bar has just closed, and its row is under way.
    one.clock = start + 5 * minute + second;
    await watch.look();
    expect(await told()).toEqual([]);
    one.clock = start + 10 * minute;
    await watch.look();
    expect(await told()).toEqual(['btc-eth-5m 600 firing']);
  });

  it('is not judged right after a start, when those who make its rows are starting too', async () => {
    await one.store.write([{ table: 'analytics', rows: [row(0, 1)] }]);
    one.clock = start + 60 * minute;
    const watch = open();
    await watch.change(active(old), none);
    await watch.look();
    one.clock += 2 * minute - second;
    await watch.look();
    expect(await told()).toEqual([]);
    one.clock += second;
    await watch.look();
    expect(await told()).toEqual([`btc-eth-1m ${62 * 60} firing`]);
  });

  it('that never had one is not told: nothing is known of it', async () => {
    const watch = open();
    await watch.change(active(old), none);
    one.clock = start + 60 * minute;
    await watch.look();
    expect(await told()).toEqual([]);
  });
});
