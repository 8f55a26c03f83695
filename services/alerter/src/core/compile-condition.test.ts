import { type Condition, isMet } from '@tandem/common';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileCondition } from './compile-condition.ts';

const comparing = fc.oneof(
  fc.record({
    field: fc.constantFrom('z', '|z|', 'quality'),
    is: fc.constantFrom('>=', '<=', '>', '<', '=', '!='),
    value: fc.constantFrom(-1, 0, 1, 2),
  }),
  fc.record({
    field: fc.constant('regime'),
    is: fc.constantFrom('=', '!='),
    value: fc.constantFrom('trending', 'broken'),
  }),
);
const { condition } = fc.letrec((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    comparing,
    fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 4 }) }),
    fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 4 }) }),
  ),
}));
const sample = fc.record({
  z: fc.constantFrom(null, -2, -1, 0, 1, 2, 1.5),
  quality: fc.constantFrom(null, -1, 0, 1),
  regime: fc.constantFrom(null, 'trending', 'broken', 'uncertain'),
});

describe('a compiled condition', () => {
  it('is met exactly where the condition is, and never met and denied at once', () => {
    fc.assert(
      fc.property(condition, sample, (given, row) => {
        const { met, denied } = compileCondition(given as Condition);
        expect(met(row)).toBe(isMet(given as Condition, row));
        expect(met(row) && denied(row)).toBe(false);
      }),
    );
  });

  it('of what is all known is met or denied', () => {
    fc.assert(
      fc.property(condition, sample, (given, row) => {
        fc.pre(Object.values(row).every((value) => value !== null));
        const { met, denied } = compileCondition(given as Condition);
        expect(met(row)).toBe(!denied(row));
      }),
    );
  });

  it('is denied only if it would be so whatever the absent were', () => {
    const others = { z: [-2, 0, 2], quality: [-1, 0, 1], regime: ['trending', 'broken', 'uncertain'] };
    fc.assert(
      fc.property(condition, sample, (given, row) => {
        const { met, denied } = compileCondition(given as Condition);
        fc.pre(denied(row));
        for (const z of row.z === null ? others.z : [row.z])
          for (const quality of row.quality === null ? others.quality : [row.quality])
            for (const regime of row.regime === null ? others.regime : [row.regime])
              expect(met({ z, quality, regime })).toBe(false);
      }),
    );
  });
});
