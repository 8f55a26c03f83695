import type { Analytics, Study } from '@tandem/common';
import { describe, expect, it } from 'vitest';
import { minute, origin, row, study } from '../rows.fixture.ts';
import { cellsOf, stateTitle } from '../words/columns.ts';
import type { RankedStudy } from './ranking.ts';
import { columns, type Sort, sortAfter, sorted } from './sort.ts';
import { tileOf } from './tile.ts';

const now = { now: origin + 2 * minute, connected: true, heard: undefined, replay: false, missing: 0 };
function one(id: string, given: Partial<Analytics> = {}, watched: Partial<Study> = {}): RankedStudy {
  const whole = { ...study, ...watched, id };
  const each = row(0, { study: id, ...given });
  return { study: whole, row: each, tile: tileOf(whole, each, now) };
}
const ids = (studies: RankedStudy[], sort: Sort | undefined) =>
  sorted(studies, sort).map(({ study }) => study.id);

describe('the table of studies', () => {
  it('keeps its own order until a heading is clicked, and gets it back with the third click', () => {
    const studies = [one('a', { z: 1 }), one('b', { z: 3 }), one('c', { z: -5 })];
    expect(ids(studies, undefined)).toEqual(['a', 'b', 'c']);
    const first = sortAfter(undefined, 'z');
    expect(ids(studies, first)).toEqual(['c', 'b', 'a']);
    const second = sortAfter(first, 'z');
    expect(ids(studies, second)).toEqual(['a', 'b', 'c']);
    expect(sortAfter(second, 'z')).toBeUndefined();
    expect(sortAfter(second, 'p')).toEqual({ column: 'p', ascending: true });
  });

  it('has the useful end first: small p, short half-life, great quality', () => {
    const studies = [
      one('a', { cointegrationP: 0.2, halfLife: 9, quality: 10 }),
      one('b', { cointegrationP: 0.01, halfLife: 30, quality: 90 }),
    ];
    expect(ids(studies, sortAfter(undefined, 'p'))).toEqual(['b', 'a']);
    expect(ids(studies, sortAfter(undefined, 'half-life'))).toEqual(['a', 'b']);
    expect(ids(studies, sortAfter(undefined, 'quality'))).toEqual(['b', 'a']);
  });

  it('has what is not known last, either way', () => {
    const studies = [one('a', { edgeBps: null }), one('b', { edgeBps: -2 }), one('c', { edgeBps: 7 })];
    expect(ids(studies, { column: 'edge', ascending: true })).toEqual(['b', 'c', 'a']);
    expect(ids(studies, { column: 'edge', ascending: false })).toEqual(['c', 'b', 'a']);
  });

  it('compares half-lives in time, not in bars', () => {
    const studies = [one('slow', { halfLife: 3 }, { interval: '5m' }), one('fast', { halfLife: 12 })];
    expect(ids(studies, { column: 'half-life', ascending: true })).toEqual(['fast', 'slow']);
    expect(studies.map((each) => cellsOf(each)[2])).toEqual(['15 min', '12 min']);
  });

  it('can be sorted by every column, and has a cell for each', () => {
    const studies = [one('b', {}, { y: 'binance-usdm:SOLUSDT' }), one('a')];
    expect(ids(studies, { column: 'study', ascending: true })).toEqual(['a', 'b']);
    for (const column of columns) expect(ids(studies, { column, ascending: true })).toHaveLength(2);
    expect(cellsOf(studies[0]!)).toHaveLength(columns.length - 1);
  });

  it('says of a live study that must not be entered that it must not, and why', () => {
    const inhibited = one('a', { inhibitions: ['thin-market'] });
    expect(cellsOf(inhibited)).toContain('live, no entry');
    expect(stateTitle(inhibited)).toBe('live; no entry: thin market');
    expect(cellsOf(one('b'))).toContain('live');
    expect(cellsOf({ ...one('c'), row: undefined }).slice(0, 7)).toEqual(Array(7).fill('–'));
  });
});
