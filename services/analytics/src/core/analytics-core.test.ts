import type { Analytics, Bar } from '@tandem/common';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnalyticsCore } from './analytics-core.ts';
import { bar, minute, start, study, tandem } from './market.fixture.ts';
import { furthest, pastOf } from './reach.ts';

const slot = (index: number): number => start / minute + index;

/** A table that is brought up to date after each batch from the first row that the core marks. */
function maintained(batches: readonly (readonly Bar[])[]): Map<number, Analytics> {
  const core = new AnalyticsCore('live', [study]);
  const state = core.studies[0]!;
  const table = new Map<number, Analytics>();
  for (const batch of batches) {
    for (const one of batch) core.apply(one);
    const changed = core.takeChanged(state);
    if (changed === undefined) continue;
    const past = [...table.values()]
      .filter(({ time }) => time < changed.from * minute)
      .sort((a, b) => a.time - b.time);
    const track = core.track(state, changed.from, past.slice(-pastOf(study)));
    for (const row of track.rows(core.newest(state))) table.set(row.time, row);
  }
  return new Map([...table].sort(([a], [b]) => a - b));
}

describe('bars into rows', () => {
  it('in any order and any batches, late history and amendments included, the table ends the same', () => {
    const legs = tandem(50).flatMap(({ y, x }) => [y, x]);
    const amended = legs.map((one, i) =>
      i % 7 === 0 ? { ...one, close: one.close! + 1, revision: one.revision + 1 } : one,
    );
    const versions = [...legs, ...amended];
    const expected = maintained([amended]);
    expect(expected.size).toBe(50);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(versions, { minLength: versions.length }),
        fc.integer({ min: 1, max: 40 }),
        (order, size) => {
          const batches: Bar[][] = [];
          for (let i = 0; i < order.length; i += size) batches.push(order.slice(i, i + size));
          expect([...maintained(batches)]).toEqual([...expected]);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('an amended bar marks its own row, from which on all may be different', () => {
    const core = new AnalyticsCore('live', [study]);
    const state = core.studies[0]!;
    for (const { y, x } of tandem(100)) {
      core.apply(y);
      core.apply(x);
    }
    expect(core.takeChanged(state)).toEqual({ from: slot(0), to: slot(99) });
    expect(core.apply(bar('ETHUSDT', 40, 3_333, { revision: 11 }))).toBe('changed');
    expect(core.takeChanged(state)).toEqual({ from: slot(40), to: slot(40) });
    expect(core.takeChanged(state)).toBeUndefined();
  });

  it('an older or equal version, an unknown instrument and a bar from before all that is kept mark nothing', () => {
    const core = new AnalyticsCore('live', [study]);
    const state = core.studies[0]!;
    core.apply(bar('BTCUSDT', 10, 100));
    core.apply(bar('ETHUSDT', 10, 10));
    core.takeChanged(state);
    expect(core.apply(bar('BTCUSDT', 10, 99, { revision: 9 }))).toBe('stale');
    expect(core.apply(bar('BTCUSDT', 10, 100, { revision: 12 }))).toBe('same');
    expect(core.apply(bar('BTCUSDT', 10, 99, { revision: 11 }))).toBe('stale');
    expect(core.apply(bar('SOLUSDT', 10, 99))).toBe('unwatched');
    expect(core.apply(bar('BTCUSDT', -5_000, 99))).toBe('old');
    expect(core.takeChanged(state)).toBeUndefined();
  });

  it('rows at the old end of what is kept are not computed from half a window', () => {
    const core = new AnalyticsCore('live', [study]);
    const state = core.studies[0]!;
    for (const { y, x } of tandem(2_300)) {
      core.apply(y);
      core.apply(x);
    }
    const { capacity } = state.y;
    const oldest = slot(2_299 - capacity + 1 + furthest(study));
    expect(core.oldest(state)).toBe(oldest);
    expect(core.track(state, oldest, []).rows(oldest)[0]).toMatchObject({ n: 20, dropped: 0 });
  });
});
