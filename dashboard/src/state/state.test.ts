import { subjects } from '@tandem/common';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alert, bar, minute, origin, row, study } from '../rows.fixture.ts';
import { type Address, readAddress, writeAddress } from './address.ts';
import { bannerOf, missingOf } from './banner.ts';
import { connectionAfter, firstConnection, isDue, isSilent } from './connection.ts';
import { emptyDetail, emptyModel, type Model, take, takeHistory } from './model.ts';
import { found, ranked } from './ranking.ts';
import { upsert } from './series.ts';
import { stripOf } from './strip.ts';
import { type Circumstances, tileOf } from './tile.ts';

const closed = origin + minute;
const now: Circumstances = {
  now: closed + 2_000,
  connected: true,
  heard: undefined,
  replay: false,
  missing: 0,
};
const z = row(0, {}).z;

describe('history that is asked for after the connection was lost', () => {
  const held = () => ({
    ...emptyDetail(study.id),
    rows: [row(0, { z: 1 }), row(1, { z: 1 })],
    y: [bar(0, null, { gap: true, revision: 3 })],
  });
  const answer = {
    rows: [row(0, { z: 2 }), row(1, { z: 2 })],
    y: [bar(0, 100, { revision: 5 })],
    x: [],
  };

  it('goes before what the page held: a bar that was repaired meanwhile is no gap any more', () => {
    const detail = held();
    takeHistory(detail, answer, { ...detail });
    expect(detail.rows.map(({ z }) => z)).toEqual([2, 2]);
    expect(detail.y).toEqual(answer.y);
  });

  it('goes behind what the stream brought while the question was under way', () => {
    const detail = held();
    const before = { ...detail };
    detail.rows = upsert(detail.rows, [row(1, { z: 3 }), row(2, { z: 3 })]);
    detail.y = [bar(0, 101, { revision: 7 })];
    takeHistory(detail, answer, before);
    expect(detail.rows.map(({ z }) => z)).toEqual([2, 3, 3]);
    expect(detail.y[0]?.close).toBe(101);
  });
});

describe('a tile', () => {
  it('is off until there is a row', () => {
    expect(tileOf(study, undefined, now)).toMatchObject({ kind: 'off', valid: false });
  });

  it('is warming with its progress and about how long', () => {
    const absent = { z: { reason: 'warming' as const, have: 87, need: 240 } };
    const tile = tileOf(study, row(0, { state: 'warming', z: null, absent }), now);
    expect(tile).toMatchObject({ kind: 'warming', text: 'warming 87/240 bars, ~2.5 h', valid: false });
  });

  it('is live at the close and until the next bar is well overdue, then stale with its age', () => {
    expect(z).not.toBeNull();
    expect(tileOf(study, row(0), now)).toMatchObject({ kind: 'live', text: 'live', valid: true });
    expect(tileOf(study, row(0), { ...now, now: closed + 65_000 }).kind).toBe('live');
    expect(tileOf(study, row(0), { ...now, now: closed + 67_000 })).toMatchObject({
      kind: 'stale',
      text: 'stale (67 s)',
      valid: false,
    });
  });

  it('is stale as soon as the connection is lost', () => {
    expect(tileOf(study, row(0), { ...now, connected: false })).toMatchObject({
      kind: 'stale',
      valid: false,
    });
  });

  it('is stale at once when the feed of a leg is down, however long its bars are', () => {
    const hourly = { ...study, interval: '1h' as const };
    const given = { ...now, now: origin + 60 * minute + 40_000 };
    expect(tileOf(hourly, row(0), given).kind).toBe('live');
    expect(tileOf(hourly, row(0), { ...given, trouble: 'BTC feed down' })).toMatchObject({
      kind: 'stale',
      text: 'stale (40 s), BTC feed down',
      valid: false,
    });
  });

  it('says how many trades are missing in a gap', () => {
    const tile = tileOf(study, row(0, { state: 'gap', z: null }), { ...now, missing: 1_843 });
    expect(tile).toMatchObject({ kind: 'gap', text: 'gap (1,843 trades missing)', valid: false });
  });

  it('is no ground to act on when the hedge ratio is not usable', () => {
    expect(tileOf(study, row(0, { state: 'invalid' }), now)).toMatchObject({ kind: 'live', valid: false });
  });

  it('counts its age in a replay from when it was heard, not from the recorded time', () => {
    const years = { ...now, now: closed + 5e10, heard: closed + 5e10 - 3_000, replay: true };
    expect(tileOf(study, row(0), years)).toMatchObject({ kind: 'live', age: 3_000 });
  });
});

describe('the table', () => {
  const one = (id: string, z: number | null, given = {}) => {
    const each = row(0, { study: id, z, ...given });
    return { study: { ...study, id }, row: each, tile: tileOf(study, each, now) };
  };

  it('has the widest valid z first, either side, and what is not valid after it however wide', () => {
    const studies = [
      one('a', 0.5),
      one('b', -2.4),
      one('c', 9, { state: 'invalid' }),
      one('d', 1.1),
      one('e', null, { state: 'warming' }),
    ];
    expect(ranked(studies).map(({ study }) => study.id)).toEqual(['b', 'd', 'a', 'c', 'e']);
  });

  it('finds a study by its legs in any order', () => {
    const studies = [one('btc-eth-1m', 1), one('sol-eth-1m', 2)];
    expect(found(studies, 'eth btc 1m')).toHaveLength(2);
    expect(found(studies, 'SOL-')).toHaveLength(1);
    expect(found(studies, 'doge')).toHaveLength(0);
  });
});

describe('rows by time', () => {
  it('are ordered, once per time, newest version, however they arrive', () => {
    const arrivals = fc.array(fc.record({ time: fc.nat(40), value: fc.nat() }), { maxLength: 80 });
    fc.assert(
      fc.property(arrivals, arrivals, (first, second) => {
        const rows = upsert(upsert([], first), second);
        expect(rows.map((each) => each.time)).toEqual(
          [...new Set(rows.map((each) => each.time))].sort((a, b) => a - b),
        );
        const all = [...first, ...second];
        for (const each of rows)
          expect(each.value).toBe(all.findLast((other) => other.time === each.time)!.value);
        expect(
          upsert(
            rows,
            second.filter((each) => rows.includes(each)),
          ),
        ).toEqual(rows);
      }),
    );
  });

  it('drop the oldest beyond the limit', () => {
    expect(upsert([{ time: 1 }, { time: 2 }], [{ time: 3 }], undefined, 2)).toEqual([
      { time: 2 },
      { time: 3 },
    ]);
  });

  it('keep the version of a bar that accounts for more trades', () => {
    const model = watching();
    const subject = subjects.bars('1m', 'binance-usdm', 'BTCUSDT');
    take(model, subject, bar(0, 10, { revision: 7 }), 0);
    take(model, subject, bar(0, 11, { revision: 5 }), 0);
    expect(model.detail!.y.map((each) => each.close)).toEqual([10]);
    take(model, subject, bar(0, 12, { revision: 8 }), 0);
    expect(model.detail!.y.map((each) => each.close)).toEqual([12]);
  });
});

function watching(): Model {
  const model = emptyModel();
  model.connection = { phase: 'open', heardAt: origin };
  model.detail = emptyDetail(study.id);
  model.status = {
    badge: { kind: 'LIVE', reason: '' },
    dataset: 'live',
    version: '0',
    at: origin,
    services: { store: { state: 'down', detail: 'disk full', at: origin, since: origin - 5_000 } },
    feeds: [],
    instruments: [study.y, study.x],
    studies: [study],
    rules: [],
  };
  return model;
}

describe('the stream', () => {
  it('may tell the same row again after a reconnection: no point is doubled', () => {
    const model = watching();
    for (const each of [row(0), row(1), row(0), row(1)]) take(model, 'analytics.btc-eth-1m', each, 5);
    expect(model.detail!.rows.map((each) => each.time)).toEqual([row(0).time, row(1).time]);
    expect(model.analytics.get(study.id)).toEqual(row(1));
  });

  it('does not make an old row look fresh by telling it again', () => {
    const model = watching();
    take(model, 'analytics.btc-eth-1m', row(0), 100);
    take(model, 'analytics.btc-eth-1m', row(0), 900);
    expect(model.heard.get(study.id)).toBe(100);
  });

  it('cannot break the page: what is not of its schema is counted and left out', () => {
    const model = watching();
    const hostile = [null, 7, '<img onerror>', { ...row(0), z: 'NaN' }, { ...row(0), time: -1 }, [row(0)]];
    for (const data of hostile) take(model, 'analytics.btc-eth-1m', data, 5);
    take(model, 'nonsense', {}, 5);
    expect([model.refused, model.analytics.size]).toEqual([hostile.length, 0]);
  });

  it('lists alerts newest first, each once', () => {
    const model = watching();
    for (const each of [alert(1), alert(3), alert(1), alert(2)])
      take(model, 'alerts.divergence.btc-eth-1m', each, 5);
    expect(model.alerts.map((each) => each.time)).toEqual([alert(3).time, alert(2).time, alert(1).time]);
  });
});

describe('the connection', () => {
  it('is retried after 1, 2, 4, 8 and then every 15 seconds', () => {
    let connection = connectionAfter(firstConnection, { type: 'open', now: 0 });
    const waits: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      connection = connectionAfter(connection, { type: 'lost', now: 100 });
      waits.push(connection.phase === 'waiting' ? connection.retryAt - 100 : Number.NaN);
      connection = connectionAfter(connection, { type: 'retry', now: 0 });
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
  });

  it('starts over once it was open again, and remembers since when it is lost', () => {
    let connection = connectionAfter(
      { phase: 'waiting', attempt: 4, lostAt: 5, retryAt: 9 },
      { type: 'retry', now: 9 },
    );
    connection = connectionAfter(connection, { type: 'lost', now: 20 });
    expect(connection).toMatchObject({ lostAt: 5, attempt: 5 });
    connection = connectionAfter(connection, { type: 'open', now: 30 });
    expect(connectionAfter(connection, { type: 'lost', now: 40 })).toEqual({
      phase: 'waiting',
      attempt: 1,
      lostAt: 30,
      retryAt: 1_040,
    });
  });

  it('counts as dead after five silent seconds', () => {
    const open = connectionAfter(firstConnection, { type: 'heard', now: 1_000 });
    expect([isSilent(open, 6_000), isSilent(open, 6_001)]).toEqual([false, true]);
  });

  it('is said to be lost above everything, with the countdown', () => {
    const model = watching();
    model.connection = { phase: 'waiting', attempt: 1, lostAt: origin, retryAt: origin + 4_000 };
    expect(bannerOf(model, origin + 1_500)).toBe(
      'Connection lost at 13:00:00 UTC. The numbers below are frozen. Next attempt in 3 s.',
    );
    expect(bannerOf({ ...model, offset: 60_000 }, origin)).toContain('lost at 13:01:00 UTC');
    expect(bannerOf(watching(), origin)).toBeUndefined();
  });

  it('is told from the clock though somebody sets it back', () => {
    const hour = 60 * minute;
    expect(isSilent({ phase: 'open', heardAt: origin }, origin - hour)).toBe(true);
    const waiting = { phase: 'waiting', attempt: 1, lostAt: origin, retryAt: origin + 4_000 } as const;
    expect([isDue(waiting, origin), isDue(waiting, origin + 4_000)]).toEqual([false, true]);
    expect(isDue(waiting, origin - hour)).toBe(true);
  });

  it('to a server whose words are not understood asks for a new page', () => {
    const model = watching();
    take(model, `analytics.${study.id}`, { ...row(0), newField: 1 }, origin);
    expect(bannerOf(model, origin)).toMatch(/reload the page/);
  });
});

describe('the status strip', () => {
  it('names each feed and part, in the same places whatever is known', () => {
    const known = stripOf(watching(), origin).map((tile) => tile.name);
    expect(known).toEqual(['BTC', 'ETH', 'Bus', 'Store', 'Analytics', 'Alerts', 'Webhooks']);
    expect(stripOf(emptyModel(), origin).map((tile) => tile.name)).toEqual(['Feeds', ...known.slice(2)]);
  });

  it('says what is down with its reason and since when, and guesses nothing of what nobody reports', () => {
    const tiles = stripOf(watching(), origin);
    expect(tiles.find((tile) => tile.name === 'Store')).toMatchObject({
      word: 'down',
      tone: 'trouble',
      age: '5 s',
      detail: 'Store: down, disk full.',
    });
    expect(tiles.find((tile) => tile.name === 'Webhooks')).toMatchObject({ word: 'unknown', tone: 'off' });
  });

  it('calls everything stale when the connection is lost', () => {
    const model = {
      ...watching(),
      connection: { phase: 'waiting', attempt: 1, lostAt: origin, retryAt: origin } as const,
    };
    expect(stripOf(model, origin).find((tile) => tile.name === 'Store')!.word).toBe('stale');
  });
});

describe('the detail', () => {
  it('says what is missing before anything has come', () => {
    expect(missingOf(emptyModel())).toContain('Connecting');
    expect(missingOf(watching())).toContain('history');
  });
});

describe('the address', () => {
  it('holds study and interval, and gives back what was put in', () => {
    const address: Address = {
      view: 'overview',
      study: 'btc-eth-1m',
      interval: '1m',
      alert: 'divergence_btc-eth-1m_1723122000000_firing',
      rule: undefined,
    };
    expect(readAddress(writeAddress(address))).toEqual(address);
  });

  it('holds the view and the rule that is edited, and no alert of another view', () => {
    const address = { ...readAddress('?view=alerts&rule=divergence'), alert: 'left-behind' };
    expect(writeAddress(address)).toBe('?view=alerts&rule=divergence');
    expect(readAddress('?view=nothing').view).toBe('overview');
  });

  it('takes nothing that is no study and no interval', () => {
    expect(readAddress('?study=<script>&interval=7m')).toMatchObject({
      study: undefined,
      interval: undefined,
    });
  });
});
