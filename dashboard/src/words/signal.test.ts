import type { Analytics, Signal } from '@tandem/common';
import { describe, expect, it } from 'vitest';
import { minute, row, study } from '../rows.fixture.ts';
import type { Tile } from '../state/tile.ts';
import { entryOf, sideOf } from './position.ts';
import { legsOf, signalOf } from './signal.ts';

const live: Pick<Tile, 'kind' | 'valid'> = { kind: 'live', valid: true };
const words = (given: Partial<Analytics>, tile = live, entry?: Analytics) =>
  signalOf(study, row(0, given), tile, entry);

describe('a signal', () => {
  it('is what the service decided, with its legs and their units, never a bare SELL', () => {
    const beta = 28.64;
    expect(words({ signal: 'SHORT_SPREAD', z: 2.31, beta })).toEqual({
      lean: 'short',
      act: 'enter',
      text: 'SELL spread: sell BTC, buy 28.6 ETH per BTC',
      remark: '',
    });
    expect(words({ signal: 'LONG_SPREAD', z: -2.31, beta })).toMatchObject({
      lean: 'long',
      text: 'BUY spread: buy BTC, sell 28.6 ETH per BTC',
    });
    // A wide z alone is no entry.
    expect(words({ signal: 'NEUTRAL', z: 3 })).toMatchObject({ lean: 'none', act: 'none' });
  });

  it('has units of beta times the price ratio on log prices', () => {
    const log = { ...study, scale: 'log' as const };
    const given = { signal: 'SHORT_SPREAD' as const, z: 3, beta: 0.9, yClose: 60_000, xClose: 2_500 };
    expect(signalOf(log, row(0, given), live).text).toContain('buy 21.6 ETH per BTC');
  });

  it('does not invent units that it does not know', () => {
    expect(legsOf('SHORT_SPREAD', study, null)).toBe('SELL spread: sell BTC, buy ETH');
  });

  it('says what inhibits an entry, wherever z is', () => {
    const inhibitions = ['thin-market', 'break'] as const;
    expect(words({ z: 2.6, inhibitions: [...inhibitions] })).toEqual({
      lean: 'none',
      act: 'none',
      text: 'No signal: z 2.60 is beyond the entry',
      remark: 'No entry: thin market, structural break',
    });
    expect(words({ z: 0.3, inhibitions: ['invalid'] }).remark).toBe('No entry: hedge ratio not usable');
    expect(
      words({ z: null, signal: 'NEUTRAL', inhibitions: ['gap'] }, { kind: 'gap', valid: false }),
    ).toMatchObject({
      text: 'No signal: z is not known at this bar',
      remark: 'No entry: missing bars',
    });
  });

  it('says why nothing is entered: within the entries, beyond the stop, or after one', () => {
    expect(words({ z: 1.99 }).text).toBe('No signal: z 1.99 is between −2.0 and 2.0');
    expect(words({ z: -4 }).text).toBe('No signal: z −4.00 is beyond the stop ±4.0');
    expect(words({ z: 2.5 }).text).toBe(
      'No signal: z 2.50, but after a stop z has to come back near its mean first',
    );
    expect(words({ z: null, signal: null, inhibitions: null }).text).toBe('No signal: z is not known yet');
    expect(words({ z: 1, signal: null }).text).toBe('No signal: none was decided');
    expect(signalOf(study, undefined, { kind: 'off', valid: false }).text).toBe(
      'No signal: nothing is known yet',
    );
  });

  it('of returns that have too little in common is said with that, and not coloured', () => {
    const found = words({ signal: 'SHORT_SPREAD', z: 2.5, returnCorrelation: 0.31 });
    expect(found).toMatchObject({
      lean: 'none',
      act: 'enter',
      remark: 'Return correlation 0.31 is below 0.50: not worth acting on',
    });
    expect(words({ signal: 'SHORT_SPREAD', z: 2.5, returnCorrelation: null }).lean).toBe('none');
  });

  it('is never coloured unless the numbers may be acted on', () => {
    const kinds = ['live', 'stale', 'gap', 'off', 'warming'] as const;
    const signals: Signal[] = ['SHORT_SPREAD', 'LONG_SPREAD', 'HOLD', 'EXIT', 'STOP', 'NEUTRAL'];
    for (const kind of kinds) {
      for (const signal of signals) {
        expect(words({ signal, z: 2.5 }, { kind, valid: false }).lean).toBe('none');
      }
    }
    expect(words({ signal: 'SHORT_SPREAD', z: 2.5 }, { kind: 'stale', valid: false }).text).toBe(
      'No signal: the numbers are not live',
    );
  });
});

describe('a position', () => {
  const entry = row(3, { signal: 'SHORT_SPREAD', z: 2.2, beta: 21.5 });

  it('is kept with the amounts and the time of its entry, not those of the newest bar', () => {
    const { text, lean, act } = words({ signal: 'HOLD', z: 1.2, beta: 30 }, live, entry);
    expect([lean, act]).toEqual(['short', 'hold']);
    expect(text.replaceAll('\u00a0', ' ')).toBe(
      'HOLD the sold spread: short BTC, long 21.5 ETH per BTC, entered at 13:04:00 UTC; exit at z ≤ 0.0, stop at z ≥ 4.0',
    );
  });

  it('whose entry the page has not seen is kept without amounts that may be wrong', () => {
    expect(words({ signal: 'HOLD', z: -1.2 }).text).toContain(
      'HOLD the bought spread: long BTC, short ETH in the amounts of the entry; exit at',
    );
    expect(words({ signal: 'HOLD', z: null }).text).toBe(
      'HOLD the position in the amounts of its entry; exit 0.0, stop ±4.0',
    );
  });

  it('is closed at the exit and given up at the stop, in words and without the colour of an entry', () => {
    expect(words({ signal: 'EXIT', z: -0.05 }, live, entry)).toEqual({
      lean: 'none',
      act: 'exit',
      text: 'EXIT: close the sold spread, buy BTC back, sell 21.5 ETH per BTC; z −0.05 has reached the exit',
      remark: '',
    });
    expect(words({ signal: 'STOP', z: -4.1, inhibitions: ['break'] })).toMatchObject({
      act: 'stop',
      text: 'STOP: close the bought spread, sell BTC, buy ETH back; z −4.10 is beyond the stop',
      remark: 'No new entry: structural break',
    });
    const wide = { ...study, thresholds: { ...study.thresholds, exit: 0.5 } };
    expect(signalOf(wide, row(0, { signal: 'EXIT', z: 0.4 }), live).text).toContain('close both legs');
  });

  it('is on the side that only its z allows, and on none where z leaves it open', () => {
    const side = (signal: Signal, z: number | null, exit = 0) => sideOf({ signal, z }, { exit });
    expect(side('HOLD', 0.7)).toBe('SHORT_SPREAD');
    expect(side('HOLD', 0.4, -0.5)).toBeUndefined();
    expect(side('EXIT', 0.1)).toBe('LONG_SPREAD');
    expect(side('EXIT', 0.1, 0.5)).toBeUndefined();
    expect(side('STOP', 4.5)).toBe('SHORT_SPREAD');
    expect(side('HOLD', null)).toBeUndefined();
    expect(side('NEUTRAL', 3)).toBeUndefined();
  });

  it('leads back to the bar that opened it, but not across a hole, another exit or bars without one', () => {
    const hold = (index: number) => row(index, { signal: 'HOLD' });
    const open = row(1, { signal: 'LONG_SPREAD' });
    expect(entryOf([row(0), open, hold(2), row(3, { signal: 'EXIT' })], minute)).toBe(open);
    expect(entryOf([open, hold(2), hold(4)], minute)).toBeUndefined();
    expect(entryOf([open, row(2, { signal: 'STOP' }), row(3, { signal: 'STOP' })], minute)).toBeUndefined();
    expect(entryOf([hold(1), hold(2)], minute)).toBeUndefined();
    expect(entryOf([open, hold(2), row(3)], minute)).toBeUndefined();
    expect(entryOf([], minute)).toBeUndefined();
  });
});
