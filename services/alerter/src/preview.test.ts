import { blankAnalytics, type PreviewAnswer, PreviewAnswer as PreviewAnswerSchema } from '@tandem/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type World, world, zs } from './alerter.fixture.ts';
import { minute, row, rule, start } from './core/rows.fixture.ts';

const thresholds = { shortEntry: 2, longEntry: -2, exit: 0, stop: 4 };
const studies = [
  { id: 'btc-eth-1m', interval: '1m' as const, thresholds },
  { id: 'sol-eth-1s', interval: '1s' as const, thresholds },
];
const hour = 60 * minute;

let one: World;
beforeEach(async () => {
  one = await world();
  await one.begin({ studies, rules: [] });
});
afterEach(() => one.end());

const keep = (rows: ReturnType<typeof zs>) => one.store.write([{ table: 'analytics', rows }]);
const { id: _, ...draft } = rule;
async function preview(request: object): Promise<PreviewAnswer> {
  const answer = await one.ask<PreviewAnswer>('preview', request);
  expect(PreviewAnswerSchema.parse(answer)).toEqual(answer);
  return answer;
}
const at = (minutes: number) => start + minutes * minute;
const range = { from: start, to: start + 24 * hour };

describe('a preview of a rule that is not saved', () => {
  it('says when it would have fired, how each firing ended and how long it took', async () => {
    await keep([
      ...zs(0, 2, 2, 1, 0.5),
      ...zs(4, -2, -2, -4.5, -1, 0),
      ...[9, 10].map((index) => row(index, 2, { inhibitions: ['break'] })),
      ...zs(11, 0, 2, 2, 1),
    ]);
    const answer = await preview({ rule: draft, ...range });
    expect(answer.text).toBe('|z| >= 2 and returnCorrelation >= 0.5 for 2 bars; ends at |z| <= 0.5');
    const short = { study: 'btc-eth-1m', direction: 'SHORT_SPREAD', z: 2, inhibited: [] };
    expect(answer.firings).toEqual([
      { ...short, time: at(1), end: 'resolved', endTime: at(3) },
      { ...short, direction: 'LONG_SPREAD', z: -2, time: at(5), end: 'stopped', endTime: at(6) },
      { ...short, time: at(10), end: 'inhibited', endTime: null, inhibited: ['break'] },
      { ...short, time: at(13), end: 'firing', endTime: null },
    ]);
    expect(answer.ends).toEqual({ resolved: 1, stopped: 1, firing: 1, inhibited: 1, bar: 0 });
    expect(answer.timeToRevert).toBe(2 * minute);
    expect(answer.studies).toMatchObject([
      { study: 'btc-eth-1m', rows: 15, from: start, to: at(14), met: 9, perDay: null },
    ]);
    // Nothing was saved, and nothing fired.
    expect([await one.alerts(), await one.settings.list('rules')]).toEqual([[], []]);
  });

  it('tells firings per day, and calls a rule noisy that fires more than twelve times a day or holds on every tenth bar', async () => {
    const calm = Array.from({ length: 1_440 }, (_, i) => (i % 240 < 2 ? 2 : 0));
    await keep(zs(0, ...calm));
    const seldom = await preview({ rule: draft, ...range });
    expect([seldom.perDay, seldom.noisy, seldom.warnings]).toEqual([6, false, []]);
    const busy = Array.from({ length: 1_440 }, (_, i) => (i % 30 < 2 ? 2 : 0));
    await keep(zs(0, ...busy));
    const often = await preview({ rule: draft, ...range });
    expect([often.perDay, often.noisy]).toEqual([48, true]);
    expect(often.warnings[0]).toContain('btc-eth-1m would fire 48.0 times a day');
    const common = await preview({
      rule: { ...draft, when: { field: '|z|', is: '<', value: 1 }, cooldown: 10 * hour },
      ...range,
    });
    expect(common.warnings.join()).toContain('the condition held on 93 % of 1440 bars: that is no exception');
  });

  it('takes bars of a study that warms up for no proof that a rule is quiet', async () => {
    const warming = Array.from({ length: 720 }, (_, i) => ({
      ...blankAnalytics('live', 'btc-eth-1m', at(i)),
      state: 'warming' as const,
    }));
    const live = Array.from({ length: 720 }, (_, i) => (i % 120 < 13 ? 2 : 0));
    await keep([...warming, ...zs(720, ...live)]);
    const answer = await preview({ rule: draft, ...range });
    expect(answer.studies).toMatchObject([{ rows: 1_440, judged: 720, met: 78, perDay: 12 }]);
    expect(answer.warnings).toEqual([
      'on btc-eth-1m the condition held on 11 % of 720 bars: that is no exception',
    ]);
  });

  it('says that what re-arms a rule overlaps what it looks for, but not of a spread that crossed its mean', async () => {
    await keep(zs(0, 2, 2, 2, 2.2, -2.2, -2.2, 0));
    const overlap = await preview({
      rule: { ...draft, rearm: { field: '|z|', is: '<=', value: 2.1 } },
      ...range,
    });
    expect(overlap.warnings.join()).toContain('a firing ended on a bar that still met the condition');
    expect((await preview({ rule: { ...draft, cooldown: 0 }, ...range })).warnings).toEqual([]);
  });

  it('counts each qualifying bar of mode every, which knows no end', async () => {
    await keep(zs(0, 2, 2, 1, 3));
    const answer = await preview({ rule: { ...draft, mode: 'every' }, ...range });
    expect(answer.ends).toMatchObject({ bar: 3, resolved: 0, firing: 0 });
    expect(answer.firings.map(({ end, time }) => [end, time])).toEqual([
      ['bar', at(0)],
      ['bar', at(1)],
      ['bar', at(3)],
    ]);
  });

  it('looks at the range asked for, over many chunks, and at each study of its scope', async () => {
    const step = 1_000;
    const seconds = Array.from({ length: 1_700 }, (_, i) => ({
      ...blankAnalytics('live', 'sol-eth-1s', start + i * step),
      state: 'live' as const,
      z: i % 100 < 2 ? 2 : 0,
      returnCorrelation: 0.9,
    }));
    await keep([...seconds, ...zs(0, 2, 2, 0)]);
    const answer = await preview({ rule: { ...draft, scope: 'all' }, from: start, to: start + hour });
    expect(answer.studies.map(({ study, rows, ends }) => [study, rows, ends.resolved])).toEqual([
      ['btc-eth-1m', 3, 1],
      ['sol-eth-1s', 1_700, 17],
    ]);
    expect(answer.warnings.join()).toContain('bars of 1s are mostly noise');
    const part = await preview({
      rule: { ...draft, scope: { studies: ['sol-eth-1s'] } },
      from: start + 100 * step,
      to: start + 300 * step,
    });
    expect(part.studies.map(({ rows, ends }) => [rows, ends.resolved])).toEqual([[200, 2]]);
    const whole = await preview({ rule: { ...draft, scope: 'all' }, from: 0, to: start + hour });
    expect(whole.warnings.join()).not.toContain('only the newest');
    await keep(seconds.map((one) => ({ ...one, time: one.time - 20 * hour })));
    const long = await preview({ rule: { ...draft, scope: 'all' }, from: 0, to: start + hour });
    expect(long.warnings.join()).toContain('only the newest 50000 bars of sol-eth-1s were looked at');
  });

  it('says what it could not see: no study, no rows', async () => {
    const nothing = await preview({ rule: { ...draft, scope: { studies: ['none'] } }, ...range });
    expect(nothing.warnings).toEqual(['no study is in its scope: it would never fire']);
    const empty = await preview({ rule: draft, ...range });
    expect(empty.warnings).toEqual(['no row is stored in this range of btc-eth-1m']);
    expect(empty).toMatchObject({ perDay: null, timeToRevert: null, firings: [], left: 0 });
  });

  it.each([
    [
      { rule: { ...draft, when: { field: '|z|', is: '>=', value: 'two' } } },
      'rule.when.value: |z| is a number',
    ],
    [
      { rule: { ...draft, when: { field: 'feed.state', is: '=', value: 'down' }, rearm: undefined } },
      'no stored history',
    ],
    [{ rule: { ...draft, bars: 0, cooldown: -1 } }, /rule\.bars: .*; rule\.cooldown: /],
    [{ rule: draft, from: 5, to: 5 }, 'from: lies at or after the end'],
    [{ rule: draft, form: 5 }, 'form: is not known here'],
    [{}, 'rule'],
  ])('that makes no sense is refused with the field and the reason: %j', async (request, why) => {
    await expect(preview(request)).rejects.toThrow(why);
  });

  it('lets others go on: only two at a time, and the process is not held up', async () => {
    await keep(zs(0, ...Array.from({ length: 3_000 }, () => 1)));
    let turns = 0;
    const count = setInterval(() => turns++, 1);
    const asked = await Promise.allSettled(
      [1, 2, 3].map(() => preview({ rule: draft, from: start, to: start + 90 * hour })),
    );
    clearInterval(count);
    expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(turns).toBeGreaterThan(2);
  });
});
