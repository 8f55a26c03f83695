import { type Alert, type PreviewAnswer, presets, type Rule } from '@tandem/common';
import { describe, expect, it } from 'vitest';
import { endOf, inputRows, marksOf } from './alert.ts';
import { firingText, previewCells, previewSummary } from './preview.ts';
import { ruleLines, silenceText } from './rule.ts';

const origin = Date.UTC(2024, 7, 8, 14);
const firing: Alert = {
  dataset: 'live',
  id: 'divergence_btc-eth-1m_1_firing',
  rule: 'divergence',
  study: 'btc-eth-1m',
  time: origin,
  transition: 'firing',
  severity: 'warning',
  direction: 'SHORT_SPREAD',
  z: 2.31,
  returnCorrelation: 0.84,
  beta: 20,
  text: '|z| 2.31 >= 2',
  late: true,
  simulated: false,
  instrument: null,
  priceCorrelation: null,
  legs: null,
  inputs: { z: 2.31, returnCorrelation: null, regime: 'calm' },
  inhibited: [],
  labels: [],
  amended: null,
  link: null,
};
const preview: PreviewAnswer = {
  text: '',
  studies: [
    {
      study: 'btc-eth-1m',
      rows: 1_500,
      judged: 1_440,
      from: origin,
      to: origin + 86_340_000,
      met: 36,
      ends: { resolved: 2, stopped: 1, firing: 0, inhibited: 3, bar: 0 },
      perDay: 3,
      timeToRevert: 600_000,
    },
  ],
  ends: { resolved: 2, stopped: 1, firing: 0, inhibited: 3, bar: 0 },
  perDay: 3,
  timeToRevert: 600_000,
  firings: [],
  left: 0,
  noisy: false,
  warnings: [],
};

describe('the words of a rule', () => {
  it('say what it looks for, where, how loud, how often and who is told', () => {
    expect(ruleLines(presets.divergence.rule())).toEqual([
      '|z| >= 2 and returnCorrelation >= 0.5 for 2 bars; ends at |z| <= 0.5',
      'on 1m and 5m bars · warning · at most once in 15 min of a study · tells every endpoint',
    ]);
  });

  it('do not speak of an end, a cooldown or bars in a row where every bar is told', () => {
    const rule: Rule = { ...presets['high-deviation'].rule(), mode: 'every', bars: 2, endpoints: [] };
    expect(ruleLines(rule)[0]).toBe('|z| >= 3');
    expect(ruleLines(rule)[1]).toContain('every bar · tells nobody');
  });

  it('say of a silence what it covers and when it ends', () => {
    const silence = {
      id: 's',
      rule: 'divergence',
      from: origin,
      until: origin + 3 * 3_600_000,
      by: 'ada',
      comment: '',
    };
    expect(silenceText(silence, origin)).toBe('divergence, until 2024-08-08 17:00:00 UTC (in 3 h)');
    expect(silenceText({ ...silence, rule: undefined }, origin)).toMatch(/^every alert, /);
  });
});

describe('the words of an alert', () => {
  it('say that it is late, amended, inhibited and who takes care', () => {
    const marks = marksOf(
      {
        ...firing,
        inhibited: ['thin-market'],
        labels: ['cooldown', 'inhibited'],
        amended: { z: 1.5, inputs: {} },
      },
      { alert: firing.id, by: 'ada', at: origin, comment: '' },
    );
    expect(marks).toEqual([
      'warning',
      'late',
      'bar amended since',
      'entry forbidden: thin market',
      'in cooldown',
      'ada takes care',
    ]);
  });

  it('show every input, a dash for what was absent, and both values where the bar was amended', () => {
    const amended = { z: 1.5, inputs: { z: 1.5, returnCorrelation: null, regime: 'calm' } };
    expect(inputRows({ ...firing, amended })).toEqual([
      ['z', '2.31000, now 1.50000'],
      ['returnCorrelation', '–'],
      ['regime', 'calm'],
    ]);
  });

  it('find the end of a firing, whatever would have fired meanwhile', () => {
    const later = (minutes: number, transition: Alert['transition'], rule = 'divergence'): Alert => ({
      ...firing,
      id: `${rule}_${minutes}`,
      rule,
      time: origin + minutes * 60_000,
      transition,
    });
    const end = later(9, 'resolved');
    expect(
      endOf(firing, [later(20, 'resolved'), end, later(3, 'inhibited'), later(5, 'resolved', 'other')]),
    ).toBe(end);
    expect(endOf(firing, [later(-4, 'resolved')])).toBeUndefined();
  });
});

describe('the words of a preview', () => {
  it('count what would have fired apart from what would not, and say how it ended', () => {
    expect(previewSummary(preview)).toBe(
      'On 1,440 bars of 1 study it would have fired 3 times: 3.0 a day. 2 resolved, 1 beyond the stop first, 3 inhibited: would not have fired. Median time to revert: 10 min.',
    );
    expect(previewCells(preview.studies[0]!)).toEqual([
      'btc-eth-1m',
      '1,440',
      '2.5 %',
      '3',
      '3.0',
      '2',
      '1',
      '3',
      '10 min',
    ]);
  });

  it('claim nothing where nothing is stored', () => {
    const nothing = { ...preview.studies[0]!, rows: 0, judged: 0, met: 0, perDay: null, timeToRevert: null };
    expect(previewSummary({ ...preview, studies: [nothing] })).toContain('nothing can be said');
    expect(previewCells(nothing)[2]).toBe('–');
  });

  it('say of a firing when, where, which side and how it ended', () => {
    const one = {
      study: 'btc-eth-1m',
      time: origin,
      direction: 'SHORT_SPREAD',
      z: 2.31,
      inhibited: [],
    } as const;
    expect(firingText({ ...one, inhibited: [], end: 'resolved', endTime: origin + 1_380_000 })).toBe(
      '2024-08-08 14:00:00 UTC btc-eth-1m, sell spread at z 2.31: resolved after 23 min',
    );
  });
});
