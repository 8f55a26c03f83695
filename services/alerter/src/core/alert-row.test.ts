import { Alert, type Condition, presets } from '@tandem/common';
import { describe, expect, it } from 'vitest';
import { alertRow, annotated, retiredRow } from './alert-row.ts';
import { compileRule } from './compile-rule.ts';
import { minute, row, rule, ruleAt, start } from './rows.fixture.ts';
import type { Change } from './rule-machine.ts';

const circumstances = { dataset: 'live', late: false, simulated: true };
const study = {
  id: 'btc-eth-1m',
  interval: '1m' as const,
  y: 'sim:BTCUSDT',
  x: 'sim:ETHUSDT',
  scale: 'price' as const,
};
const firing: Change = {
  transition: 'firing',
  direction: 'SHORT_SPREAD',
  bar: row(7, 2.314),
  inhibited: [],
  labels: [],
};
const alert = alertRow(circumstances, compileRule(rule), { study }, firing);

describe('an alert', () => {
  it('says its bar, legs, inputs, chart and the rule with its numbers filled in, under an id that follows from them', () => {
    expect(alert).toEqual({
      dataset: 'live',
      id: `divergence_btc-eth-1m_${start + 7 * minute}_firing`,
      rule: 'divergence',
      study: 'btc-eth-1m',
      time: start + 7 * minute,
      transition: 'firing',
      severity: 'warning',
      direction: 'SHORT_SPREAD',
      z: 2.314,
      returnCorrelation: 0.8,
      beta: 20,
      text: '|z| 2.31 >= 2 and returnCorrelation 0.80 >= 0.5 for 2 bars',
      late: false,
      simulated: true,
      instrument: null,
      priceCorrelation: 0.9,
      legs: 'SELL spread: sell BTC, buy 20 ETH per BTC',
      inputs: { z: 2.314, returnCorrelation: 0.8 },
      inhibited: [],
      labels: [],
      amended: null,
      link: `/?study=btc-eth-1m&alert=divergence_btc-eth-1m_${start + 7 * minute}_firing`,
    });
    expect(Alert.parse(alert)).toEqual(alert);
    const replayed = alertRow(
      { ...circumstances, dataset: 'replay-1' },
      compileRule(rule),
      { study },
      firing,
    );
    expect(replayed.id).toBe(`replay-1_${alert.id}`);
  });

  it('says how it ended: at the re-arm level, across the mean, or by no longer being so', () => {
    const end = (z: number) => ({ ...firing, transition: 'resolved' as const, bar: row(8, z) });
    const text = (change: Change, when?: Condition) =>
      alertRow(
        circumstances,
        compileRule(when === undefined ? rule : ({ ...rule, when, rearm: undefined } as typeof rule)),
        { study },
        change,
      ).text;
    expect(text(end(0.3))).toBe('|z| 0.30 <= 0.5');
    expect(text(end(-0.7))).toBe('z -0.70 has crossed its mean');
    const low: Condition = { field: 'emptyShare', is: '>=', value: 0.2 };
    expect(text({ ...end(0), direction: null, bar: row(8, 0, { emptyShare: 0.07 }) }, low)).toBe(
      'emptyShare 0.070; no longer emptyShare >= 0.2',
    );
    const dead = compileRule(presets['feed-dead'].rule());
    const alive = { ...end(0), bar: { time: 0, 'feed.state': 'live' } };
    expect(alertRow(circumstances, dead, { instrument: 'sim:BTCUSDT' }, alive).text).toBe(
      'feed.state live; no longer feed.state = down or feed.state = silent',
    );
  });

  it('says what would have fired, and what inhibited it', () => {
    const inhibited: Change = { ...firing, transition: 'inhibited', inhibited: ['thin-market', 'break'] };
    expect(alertRow(circumstances, compileRule(rule), { study }, inhibited).text).toBe(
      'would have fired: |z| 2.31 >= 2 and returnCorrelation 0.80 >= 0.5 for 2 bars; inhibited by thin-market, break',
    );
  });

  it('says what a gap cut off', () => {
    const bar = row(7, null, { returnCorrelation: null });
    const cut: Change = { ...firing, transition: 'inhibited', bar, inhibited: ['gap'] };
    expect(alertRow(circumstances, compileRule(rule), { study }, cut)).toMatchObject({
      text: 'had begun to meet |z| >= 2 and returnCorrelation >= 0.5 for 2 bars; cut off by gap',
      inputs: { z: null, returnCorrelation: null },
      direction: 'SHORT_SPREAD',
    });
  });

  it('says that an input was absent, and never rounds onto the other side of a threshold', () => {
    const when: Condition = {
      any: [
        { field: '|z|', is: '>=', value: 2 },
        {
          all: [
            { field: 'cointegrationP', is: '<=', value: 0.05 },
            { field: 'regime', is: '=', value: 'trending' },
          ],
        },
      ],
    };
    const bar = row(7, -1.9999, { cointegrationP: null, regime: 'uncertain' });
    const made = alertRow(circumstances, compileRule({ ...ruleAt(2), when }), { study }, { ...firing, bar });
    expect(made.text).toBe(
      '|z| 1.9999 >= 2 or (cointegrationP (absent) <= 0.05 and regime uncertain = trending) for 2 bars',
    );
    expect(made.inputs).toEqual({ z: -1.9999, cointegrationP: null, regime: 'uncertain' });
  });

  it('about a feed has no bar, no side and no legs, and a slug in place of a study', () => {
    const when: Condition = { field: 'feed.state', is: '=', value: 'down' };
    const compiled = compileRule({
      ...rule,
      id: 'dead',
      when,
      rearm: undefined,
      bars: 30,
      scope: 'all',
    } as typeof rule);
    const bar = { time: start, 'feed.state': 'down' };
    const made = alertRow(
      circumstances,
      compiled,
      { instrument: 'binance-usdm:BTC_USDT-PERP' },
      { ...firing, direction: null, bar },
    );
    expect(Alert.parse(made)).toMatchObject({
      study: 'binance-usdm-btc-usdt-perp',
      instrument: 'binance-usdm:BTC_USDT-PERP',
      text: 'feed.state down for 30 s',
      inputs: { 'feed.state': 'down' },
      z: null,
      legs: null,
    });
  });

  it('notes what its amended bar says, and takes the note back when it says the same again', () => {
    const amended = annotated(alert, row(7, 1.2));
    expect(amended).toEqual({ ...alert, amended: { z: 1.2, inputs: { z: 1.2, returnCorrelation: 0.8 } } });
    expect(annotated(alert, row(7, 2.314))).toBeUndefined();
    expect(annotated(amended as Alert, row(7, 1.2))).toBeUndefined();
    expect(annotated(amended as Alert, row(7, 2.314))).toEqual(alert);
    expect(annotated(alert, row(7, 2.314, { beta: 99 }))).toBeUndefined();
  });

  it('whose rule is no more is ended in its own words', () => {
    const ended = retiredRow(alert, row(9, 1.1), circumstances);
    expect(Alert.parse(ended)).toMatchObject({
      id: `divergence_btc-eth-1m_${start + 9 * minute}_resolved`,
      transition: 'resolved',
      direction: 'SHORT_SPREAD',
      z: 1.1,
      inputs: { z: 1.1, returnCorrelation: 0.8 },
    });
    expect(ended.link).toContain(ended.id);
  });
});
