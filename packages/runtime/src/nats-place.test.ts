import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PositionLost } from './bus/bus.ts';
import { Place } from './nats-place.ts';

const made = '2026-11-21T00:00:00Z';

it('either hands over every number after its place, in order and once, or says that one is lost', () => {
  const deliveries = fc.array(fc.record({ at: fc.nat(8), length: fc.integer({ min: 1, max: 6 }) }));
  fc.assert(
    fc.property(deliveries, fc.nat(5), (delivered, after) => {
      const place = new Place('BARS', { incarnation: made, after }, false);
      place.startIn({ created: made, first: 1, last: 100 });
      const taken: number[] = [];
      for (const { at, length } of delivered) {
        for (let number = at + 1; number <= at + length; number++) {
          const next = after + taken.length + 1;
          const wasLost = place.lost !== undefined;
          if (place.accept(number)) taken.push(number);
          // Lost at the first number beyond the next, and for good.
          expect(place.lost !== undefined).toBe(wasLost || number > next);
          expect(taken.length).toBe(number === next && !wasLost ? number - after : next - after - 1);
        }
      }
      expect(taken).toEqual(taken.map((_, n) => after + 1 + n));
    }),
  );
});

it('begins at the first message kept, whichever that is by then', () => {
  const place = new Place('BARS', 'first', false);
  expect(place.startIn({ created: made, first: 0, last: 0 })).toBe(1);
  expect(place.accept(4)).toBe(true);
  expect(place.startIn({ created: made, first: 2, last: 9 })).toBe(5);
});

it('begins with what comes next', () => {
  expect(new Place('KV', 'next', true).startIn({ created: made, first: 1, last: 7 })).toBe(8);
});

it('is lost in a stream that was made anew, unless that keeps only the newest anyway', () => {
  const bounds = { created: 'later', first: 1, last: 9 };
  const from = { incarnation: made, after: 3 };
  expect(() => new Place('BARS', from, false).startIn(bounds)).toThrow(PositionLost);
  expect(new Place('FEEDS', from, true).startIn(bounds)).toBe(1);
});

it('is not lost at the very end, nor just before the first message kept', () => {
  expect(
    new Place('BARS', { incarnation: made, after: 9 }, false).startIn({ created: made, first: 4, last: 9 }),
  ).toBe(10);
  expect(
    new Place('BARS', { incarnation: made, after: 3 }, false).startIn({ created: made, first: 4, last: 9 }),
  ).toBe(4);
  const gone = new Place('BARS', { incarnation: made, after: 2 }, false);
  expect(() => gone.startIn({ created: made, first: 4, last: 9 })).toThrow(
    /"2026[^"]*:2" is lost: stream BARS now begins at 4/,
  );
});
