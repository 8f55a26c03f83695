import type { Alert } from '@tandem/common';
import { memoryBus } from '@tandem/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type World, world, zs } from './alerter.fixture.ts';
import { minute, row, rule, ruleAt, start } from './core/rows.fixture.ts';

let one: World;
beforeEach(async () => {
  one = await world();
});
afterEach(() => one.end());

const until = <T>(check: () => Promise<T> | T): Promise<T> =>
  vi.waitFor(check, { timeout: 10_000, interval: 10 });
const inWords = ({ rule, time, transition }: Alert) =>
  `${rule} ${Math.floor((time - start) / minute)} ${transition}`;
const told = async () => (await one.alerts()).map(inWords);
const taken = (what: string) => until(() => expect(one.lines.some((line) => line.includes(what))).toBe(true));
/** What the rules know is kept up to this minute. */
const kept = (index: number, study?: string) => until(async () => expect(await one.kept(study)).toBe(index));
const changed = async () => {
  await taken('the rules have changed');
  one.lines.splice(0);
};

describe('rules that are written down while rows come in', () => {
  it('take effect without a restart, from the newest bar known, which is noted with them', async () => {
    await one.begin({ rules: [] });
    await one.happen(...zs(0, 3, 3, 3));
    await one.settings.put('rules', 'late', { ...ruleAt(2), id: 'late' });
    await changed();
    await until(async () =>
      expect((await one.settings.get('rules', 'late'))?.value).toMatchObject({
        effectiveFrom: start + 2 * minute,
      }),
    );
    await one.happen(...zs(3, 3, 3, 0));
    await until(async () => expect(await told()).toEqual(['late 4 firing', 'late 5 resolved']));
  });

  it('keep the bar time that was written with them', async () => {
    await one.begin({ rules: [] });
    await one.settings.put('rules', 'later', { ...rule, id: 'later', effectiveFrom: start + 2 * minute });
    await changed();
    await one.happen(...zs(0, 3, 3, 3, 3, 3));
    await until(async () => expect(await told()).toEqual(['later 4 firing']));
  });

  it('that are changed while they fire still end what they fired, and begin anew otherwise', async () => {
    await one.begin();
    await one.happen(...zs(0, 2, 2));
    await until(async () => expect(await told()).toEqual(['divergence 1 firing']));
    await one.settings.put('rules', 'divergence', { ...ruleAt(2.5), bars: 1 });
    await changed();
    await one.happen(...zs(2, 2.2, 0.4, 2.2, 2.5));
    await until(async () =>
      expect(await told()).toEqual(['divergence 1 firing', 'divergence 3 resolved', 'divergence 5 firing']),
    );
  });

  it('that are deleted, switched off or pointed elsewhere end what they fired, and say why', async () => {
    await one.begin({ rules: ['gone', 'off', 'elsewhere', 'stays'].map((id) => ({ ...rule, id })) });
    await one.happen(...zs(0, 2, 2, 1.7));
    await kept(2);
    expect(await told()).toHaveLength(4);
    await one.settings.delete('rules', 'gone');
    await one.settings.put('rules', 'off', { ...rule, id: 'off', enabled: false });
    await one.settings.put('rules', 'elsewhere', {
      ...rule,
      id: 'elsewhere',
      scope: { studies: ['sol-eth-1m'] },
    });
    const all = ['elsewhere', 'gone', 'off'].flatMap((id) => [`${id} 1 firing`, `${id} 2 resolved`]);
    all.push('stays 1 firing');
    await until(async () => expect((await told()).sort()).toEqual(all));
    const ended = (await one.alerts()).filter(({ transition }) => transition === 'resolved');
    for (const { text, z, inputs } of ended) {
      expect(text).toContain('watches this no more');
      expect([z, inputs?.z]).toEqual([1.7, 1.7]);
    }
    await one.happen(...zs(3, 3, 3, 0));
    await until(async () => expect((await told()).sort()).toEqual([...all, 'stays 5 resolved']));
  });

  it('take effect at the first bar that closes after they were written, however long it has been open', async () => {
    const studies = [
      { id: 'btc-eth-1s', interval: '1s' as const },
      { id: 'btc-eth-5m', interval: '5m' as const },
    ];
    await one.begin({ studies, rules: [] });
    const second = (at: number) => ({ ...row(0, 0), study: 'btc-eth-1s', time: at });
    const five = (index: number, z: number) => ({ ...row(5 * index, z), study: 'btc-eth-5m' });
    const written = start + 5 * minute + 2_000;
    await one.happen(five(0, 3), second(written));
    const long = { ...rule, bars: 1, scope: { intervals: ['5m'] } };
    await one.settings.put('rules', 'divergence', { ...long, effectiveFrom: written });
    await changed();
    // What had closed before is history, also if it comes again.
    await one.happen(five(0, 3), five(1, 3));
    await until(async () => expect(await told()).toEqual(['divergence 5 firing']));
  });

  it('that are changed to tell others tell of the end also whom they told of the firing', async () => {
    const url = 'http://127.0.0.1:1/';
    const endpoints = ['desk', 'ops'].map((id) => ({ id, url }));
    await one.begin({ rules: [{ ...rule, endpoints: ['desk'], cooldown: 0 }], endpoints });
    await one.happen(...zs(0, 2, 2));
    await until(async () => expect(await told()).toEqual(['divergence 1 firing']));
    const effectiveFrom = start + minute;
    await one.settings.put('rules', 'divergence', {
      ...rule,
      endpoints: ['ops'],
      cooldown: 0,
      effectiveFrom,
    });
    await changed();
    await one.happen(...zs(2, 0, 2, 2, 0));
    await until(async () => expect(await one.alerts()).toHaveLength(4));
    const who = (await one.deliveries()).map(
      ({ time, endpoint }) => `${(time - start) / minute} ${endpoint}`,
    );
    expect(who.sort()).toEqual(['1 desk', '2 desk', '2 ops', '4 ops', '5 ops']);
  });

  it('that are deleted at the bar at which the spread flipped end the second firing, not the first once more', async () => {
    const flipping = { ...rule, bars: 1, cooldown: 0 };
    await one.begin({ rules: [flipping], endpoints: [{ id: 'desk', url: 'http://127.0.0.1:1/' }] });
    await one.happen(...zs(0, 2, -2));
    await until(async () => expect(await one.alerts()).toHaveLength(3));
    const flip = (await one.alerts()).filter(({ time }) => time === start + minute);
    await one.settings.delete('rules', 'divergence');
    await until(async () => expect(await one.alerts()).toHaveLength(4));
    const alerts = await one.alerts();
    expect(alerts.filter(({ time }) => time === start + minute)).toEqual(flip);
    expect(alerts.at(-1)).toMatchObject({ transition: 'resolved', direction: 'LONG_SPREAD' });
    // Of each alert a delivery, the end of the second firing behind it.
    const deliveries = await one.deliveries();
    expect(deliveries.map(({ alert }) => alert).sort()).toEqual(alerts.map(({ id }) => id).sort());
    expect(deliveries.at(-1)?.alert).toBe(alerts.at(-1)?.id);
  });

  it('end what they fired even if they were deleted while the alerter was away', async () => {
    const first = await one.begin();
    await one.happen(...zs(0, 2, 2));
    await until(async () => expect(await told()).toEqual(['divergence 1 firing']));
    await first.stop();
    await one.settings.delete('rules', 'divergence');
    await one.begin();
    expect(await told()).toEqual(['divergence 1 firing', 'divergence 1 resolved']);
  });

  it('that are none are refused with field and reason, and what was in force stays so', async () => {
    await one.begin();
    await one.settings.put('rules', 'divergence', {
      ...rule,
      when: { any: [{ field: '|zz|', is: '>=', value: 2 }] },
    });
    await taken('when.any.0.field: there is no field');
    await one.happen(...zs(0, 2, 2, 0));
    await until(async () => expect(await told()).toEqual(['divergence 1 firing', 'divergence 2 resolved']));
  });

  it('of the configuration become documents once: edited and deleted they stay, until the configuration changes', async () => {
    const first = await one.begin();
    await one.settings.put('rules', 'divergence', ruleAt(3));
    await changed();
    await first.stop();
    const second = await one.begin();
    expect((await one.settings.get('rules', 'divergence'))?.value).toMatchObject({ when: ruleAt(3).when });
    await one.settings.delete('rules', 'divergence');
    await second.stop();
    const third = await one.begin();
    expect(await one.settings.list('rules')).toEqual([]);
    await third.stop();
    await one.begin({ rules: [ruleAt(2.2)] });
    expect((await one.settings.get('rules', 'divergence'))?.value).toMatchObject({ when: ruleAt(2.2).when });
  });

  it('tell one study from another by its tags', async () => {
    await one.begin({
      studies: [
        { id: 'btc-eth-1m', interval: '1m', tags: ['majors'] },
        { id: 'sol-eth-1m', interval: '1m' },
      ],
      rules: [{ ...rule, scope: { tags: ['majors'] } }],
    });
    await one.happen(...zs(0, 2, 2).map((each) => ({ ...each, study: 'sol-eth-1m' })), ...zs(0, 2, 2));
    await until(async () => expect((await one.alerts()).map(({ study }) => study)).toEqual(['btc-eth-1m']));
  });

  it('do not fire on the past of a study that is new', async () => {
    const first = await one.begin({ studies: [{ id: 'sol-eth-1m', interval: '1m' }] });
    await one.happen(...zs(0, 0, 0, 0, 0, 0).map((each) => ({ ...each, study: 'sol-eth-1m' })));
    await kept(4, 'sol-eth-1m');
    await first.stop();
    await one.begin();
    await one.happen(...zs(0, 3, 3, 3, 3, 3, 3, 3));
    await until(async () => expect(await told()).toEqual(['divergence 6 firing']));
  });
});

describe('amendments and crashes', () => {
  it('an amended bar is noted at the alert of its time, and published; a repetition is not', async () => {
    const published: Alert[] = [];
    one.bus.subscribe('alerts.>', (_, data) => published.push(data as Alert));
    await one.begin();
    await one.happen(...zs(0, 2, 2, 2.2));
    await until(async () => expect(await told()).toHaveLength(1));
    await one.happen(row(1, 2), row(1, 1.4), row(2, 9));
    await until(async () =>
      expect((await one.alerts())[0]?.amended).toEqual({
        z: 1.4,
        inputs: { z: 1.4, returnCorrelation: 0.8 },
      }),
    );
    expect((await one.alerts()).map(({ z, transition }) => [z, transition])).toEqual([[2, 'firing']]);
    // What is stored is published a moment later.
    await until(() =>
      expect(published.map(({ id, amended }) => [id.split('_').pop(), amended?.z])).toEqual([
        ['firing', undefined],
        ['firing', 1.4],
      ]),
    );
  });

  it('what was amended while nobody listened is noted at the next start', async () => {
    const first = await one.begin();
    await one.happen(...zs(0, 2, 2));
    await until(async () => expect(await told()).toHaveLength(1));
    await first.stop();
    await one.store.write([{ table: 'analytics', rows: [row(1, 1.1)] }]);
    // As after a crash of the process: the row as it was before is not told again.
    const bus = memoryBus();
    await one.begin({}, bus);
    await until(async () => expect((await one.alerts())[0]?.amended?.z).toBe(1.1));
    expect(await told()).toEqual(['divergence 1 firing']);
  });

  it('killed between the alert and its state, an alert whose bar was amended since stays, and ends', async () => {
    const first = await one.begin();
    await one.happen(...zs(0, 2));
    await kept(0);
    const before = await one.settings.get('alerter', 'live');
    await one.happen(...zs(1, 2));
    await until(async () => expect(await told()).toHaveLength(1));
    await first.stop();
    await one.settings.put('alerter', 'live', before?.value);
    // By the bars as they are now, another bar would have fired, and this one would not.
    await one.store.write([{ table: 'analytics', rows: [row(1, 1)] }]);
    await one.begin();
    await one.happen(...zs(2, 1, 0.3));
    await until(async () => expect(await told()).toEqual(['divergence 1 firing', 'divergence 3 resolved']));
  });

  it('killed before its state was kept, it raises nothing on bars amended since but what it had raised', async () => {
    const first = await one.begin();
    const before = await one.settings.get('alerter', 'live');
    await one.happen(...zs(0, 1, 1, 1, 2, 2));
    await until(async () => expect(await told()).toEqual(['divergence 4 firing']));
    await first.stop();
    await one.settings.put('alerter', 'live', before?.value);
    await one.store.write([{ table: 'analytics', rows: zs(0, 3, 3, 0, 1, 1) }]);
    await one.begin();
    await one.happen(...zs(5, 1, 0.3));
    await until(async () => expect(await told()).toEqual(['divergence 4 firing', 'divergence 6 resolved']));
  });

  it('what would have fired on bars that were amended before a crash, and did not, does not fire after it', async () => {
    const first = await one.begin();
    await one.happen(...zs(0, 1, 1));
    await kept(1);
    await first.stop();
    await one.store.write([{ table: 'analytics', rows: zs(0, 3, 3) }]);
    await one.begin();
    await one.happen(...zs(2, 1, 0));
    await one.happen(...zs(4, 2, 2));
    await until(async () => expect(await told()).toEqual(['divergence 5 firing']));
  });
});

describe('what is not delivered', () => {
  const endpoints = [{ id: 'desk', url: 'http://127.0.0.1:9/hook' }];

  it('an inhibited entry is stored and published with what inhibits it, and has no delivery', async () => {
    const published: Alert[] = [];
    one.bus.subscribe('alerts.divergence.btc-eth-1m', (_, data) => published.push(data as Alert));
    await one.begin({ endpoints });
    await one.happen(...zs(0, 2, 2).map((each) => ({ ...each, inhibitions: ['thin-market' as const] })));
    await until(() => expect(published).toHaveLength(1));
    expect(published).toEqual(await one.alerts());
    expect(published[0]).toMatchObject({ transition: 'inhibited', inhibited: ['thin-market'] });
    expect(published[0]?.text).toContain('would have fired');
    expect(await one.deliveries()).toEqual([]);
  });

  it('a silenced alert is stored, and its delivery withheld with who, until when and why', async () => {
    await one.begin({ endpoints });
    const silence = await one.ask<{ id: string }>('silence', {
      study: 'btc-eth-1m',
      until: start + 60 * minute,
      by: 'ada',
      comment: 'maintenance',
    });
    expect((await one.settings.list('silences')).map(({ key }) => key)).toEqual([silence.id]);
    await one.happen(...zs(0, 2, 2));
    await until(async () =>
      expect((await one.deliveries()).map(({ state, answer }) => [state, answer])).toEqual([
        ['withheld', 'withheld: silenced by ada until 2024-08-08T01:00:00.000Z: maintenance'],
      ]),
    );
    await one.ask('unsilence', { id: silence.id });
    expect(await one.settings.list('silences')).toEqual([]);
    await one.happen(...zs(2, 0));
    await until(async () => expect((await one.deliveries()).map(({ state }) => state)).toContain('pending'));
  });

  it('a silence covers its rule and study alone, and ends by the clock', async () => {
    await one.begin({ endpoints, rules: [rule, { ...rule, id: 'other' }] });
    await one.ask('silence', { rule: 'other', until: start + 10 * minute, by: 'ada' });
    await one.happen(...zs(0, 2, 2));
    const byRule = async () =>
      (await one.deliveries()).map(({ alert, state }) => `${alert.split('_')[0]} ${state}`).sort();
    await until(async () => expect(await byRule()).toEqual(['divergence pending', 'other withheld']));
    one.clock = start + 10 * minute;
    await one.happen(...zs(2, 0));
    await until(async () =>
      expect(await byRule()).toEqual([
        // Ten minutes old, it is not to be acted on any more.
        'divergence expired',
        'divergence pending',
        'other pending',
        'other withheld',
      ]),
    );
  });

  it('a silence that another process wrote holds at once; one that is none silences nothing', async () => {
    await one.begin({ endpoints });
    await one.settings.put('silences', 'bad', { id: 'bad', from: start, until: start + 60 * minute });
    const all = { id: 'all', from: start, until: start + minute, by: 'bo', comment: '' };
    await one.settings.put('silences', 'all', all);
    await one.happen(...zs(0, 2, 2));
    await until(async () => expect((await one.deliveries()).map(({ state }) => state)).toEqual(['withheld']));
    expect(one.lines.filter((line) => line.includes('silences nothing'))).toHaveLength(1);
  });

  it.each([
    [{ by: 'ada' }, 'until'],
    [{ by: 'ada', until: start + 31 * 24 * 60 * minute }, 'until: a silence lasts 30 days at most'],
    [{ by: 'ada', until: start - 1 }, 'until: lies before the silence begins'],
    [{ by: 'ada', from: start - 2, until: start - 1 }, 'until: it would be over already'],
    [{ by: ' ', until: start + 1 }, 'by: say who you are'],
    [{ by: 'ada', until: start + 1, sudy: 'x' }, 'sudy: is not known here'],
  ])('a silence like %j is refused', async (request, why) => {
    await one.begin();
    await expect(one.ask('silence', request)).rejects.toThrow(why);
    expect(await one.settings.list('silences')).toEqual([]);
  });
});

describe('an acknowledgement', () => {
  it('says who and when; who was first stays, and an alert that is none is refused', async () => {
    await one.begin();
    await one.happen(...zs(0, 2, 2));
    await until(async () => expect(await told()).toHaveLength(1));
    const [alert] = await one.alerts();
    one.clock = start + 5 * minute;
    const first = await one.ask('acknowledge', { alert: alert?.id, by: 'ada', comment: 'on it' });
    expect(first).toEqual({ alert: alert?.id, by: 'ada', at: start + 5 * minute, comment: 'on it' });
    one.clock = start + 6 * minute;
    expect(await one.ask('acknowledge', { alert: alert?.id, by: 'ada' })).toEqual(first);
    await expect(one.ask('acknowledge', { alert: alert?.id, by: 'bo' })).rejects.toThrow(
      'ada has acknowledged it already',
    );
    await expect(one.ask('acknowledge', { alert: 'none', by: 'bo' })).rejects.toThrow(
      'there is no alert "none"',
    );
    await expect(one.ask('acknowledge', { alert: alert?.id })).rejects.toThrow('by:');
    expect((await one.settings.list('acknowledgements')).map(({ value }) => value)).toEqual([first]);
  });
});
