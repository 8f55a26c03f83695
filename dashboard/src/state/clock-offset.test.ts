import fc from 'fast-check';
import { expect, it } from 'vitest';
import { offsetAnswered, offsetHeard } from './clock-offset.ts';

it('a heartbeat that waited on a slow line makes nothing look fresher than it is', () => {
  const offset = offsetAnswered(0, 5_000, 1_000, 1_010);
  expect(offsetHeard(offset, 30_000, 46_000)).toBe(offset);
});

it('an answer mends the offset after the clock of either side was set', () => {
  const hour = 3_600_000;
  expect(offsetAnswered(0, 1_005, 1_000 + hour, 1_010 + hour)).toBeCloseTo(-hour, -2);
  expect(offsetHeard(0, 1_005 + hour, 1_010)).toBeCloseTo(hour, -2);
});

it('is never further from the truth than the journey of the last answer', () => {
  const time = fc.integer({ min: 0, max: 1e6 });
  fc.assert(
    fc.property(fc.integer(), fc.integer(), time, time, time, (before, truth, asked, there, back) => {
      const received = asked + there + back;
      const offset = offsetAnswered(before, asked + there + truth, asked, received);
      expect(Math.abs(offset - truth)).toBeLessThanOrEqual(there + back);
    }),
  );
});
