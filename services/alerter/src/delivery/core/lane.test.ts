import type { Alert, Delivery } from '@tandem/common';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alert, start } from './alert.fixture.ts';
import { inOrder, nextStep, type Parcel } from './lane.ts';
import { newDelivery } from './recipients.ts';

const second = 1_000;
const minute = 60 * second;

function parcel(
  transition: Alert['transition'],
  bar = 0,
  delivery: Partial<Delivery> = {},
  given: Partial<Alert> = {},
): Parcel {
  const made = alert({ transition, time: start + bar * minute, ...given });
  return { alert: made, delivery: { ...newDelivery(made, 'desk', start, undefined), ...delivery } };
}

describe('the deliveries of one endpoint, rule and study', () => {
  it('the first is attempted when it is due, and the rest wait behind it', () => {
    const first = parcel('resolved', 0, { next: start + 2 * second, attempts: 1 });
    const lane = [first, parcel('firing', 1, { expires: null })];
    expect(nextStep(lane, start)).toEqual({ kind: 'wait', until: start + 2 * second });
    expect(nextStep(lane, start + 2 * second)).toEqual({ kind: 'attempt', parcel: first });
    expect(nextStep([], start)).toBeUndefined();
  });

  it('an entry expires after 5 minutes, wherever it stands', () => {
    const stuck = parcel('resolved', 0, { next: start + 60 * minute, attempts: 8 });
    const entry = parcel('firing', 1);
    const lane = [stuck, entry];
    expect(nextStep(lane, start + minute)).toEqual({ kind: 'wait', until: start + 5 * minute });
    expect(nextStep(lane, start + 5 * minute)).toMatchObject({ kind: 'expire', parcels: [entry] });
  });

  it('an entry that was tried in vain expires when its resolution is due', () => {
    const tried = parcel('firing', 0, { attempts: 1, next: start + 2 * second });
    expect(nextStep([tried], start)?.kind).toBe('wait');
    const lane = [tried, parcel('resolved', 1)];
    expect(nextStep(lane, start)).toEqual({ kind: 'expire', parcels: [tried], why: 'its resolution is due' });
  });

  it('an entry that was never tried is tried, though its resolution is due: who is well hears everything', () => {
    const entry = parcel('firing');
    expect(nextStep([entry, parcel('resolved', 1)], start)).toEqual({ kind: 'attempt', parcel: entry });
  });

  it('a resolution never expires, nor what was replayed, nor what is no entry', () => {
    const day = 24 * 60 * minute;
    const alone = (one: Parcel) => nextStep([one], start + day)?.kind;
    expect(alone(parcel('resolved'))).toBe('attempt');
    expect(alone(parcel('firing', 0, { expires: null }))).toBe('attempt');
    expect(alone(parcel('firing', 0, {}, { direction: null }))).toBe('attempt');
    expect(alone(parcel('firing'))).toBe('expire');
  });

  it('nothing is attempted while the endpoint wants to be left alone, and entries expire meanwhile', () => {
    const pausedUntil = start + 10 * minute;
    expect(nextStep([parcel('resolved')], start, pausedUntil)).toEqual({ kind: 'wait', until: pausedUntil });
    expect(nextStep([parcel('firing')], start, pausedUntil)).toEqual({
      kind: 'wait',
      until: start + 5 * minute,
    });
  });

  it('of a flip, whose two alerts share a time, the resolution goes first', () => {
    const flip = [parcel('firing', 3), parcel('resolved', 3), parcel('firing', 1)].map((one) => one.alert);
    expect(flip.sort(inOrder).map((one) => [one.time, one.transition])).toEqual([
      [start + minute, 'firing'],
      [start + 3 * minute, 'resolved'],
      [start + 3 * minute, 'firing'],
    ]);
  });

  it('whatever the receiver does, a lane comes to its end, in order, and never waits without end', () => {
    const parcels = fc.array(
      fc.record({
        resolved: fc.boolean(),
        fails: fc.integer({ min: 0, max: 4 }),
        pause: fc.integer({ min: 0, max: 20 }),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(parcels, (given) => {
        const lane = given.map(({ resolved }, index) => parcel(resolved ? 'resolved' : 'firing', index));
        const fails = new Map(lane.map((one, index) => [one, given[index]?.fails ?? 0]));
        const delivered: number[] = [];
        let now = start;
        for (let steps = 0; lane.length > 0; steps++) {
          expect(steps).toBeLessThan(1_000);
          const step = nextStep(lane, now);
          if (step === undefined) break;
          if (step.kind === 'wait') {
            expect(step.until).toBeGreaterThan(now);
            now = step.until;
          } else if (step.kind === 'expire') {
            for (const one of step.parcels) {
              expect(one.alert.transition).toBe('firing');
              lane.splice(lane.indexOf(one), 1);
            }
          } else {
            expect(step.parcel).toBe(lane[0]);
            const left = fails.get(step.parcel) ?? 0;
            fails.set(step.parcel, left - 1);
            if (left === 0) {
              delivered.push(step.parcel.alert.time);
              lane.shift();
              continue;
            }
            const { attempts } = step.parcel.delivery;
            const next = now + (attempts + 1) * minute;
            step.parcel.delivery = { ...step.parcel.delivery, attempts: attempts + 1, next };
          }
        }
        expect(delivered).toEqual([...delivered].sort((one, other) => one - other));
        const resolutions = given.flatMap(({ resolved }, index) =>
          resolved ? [start + index * minute] : [],
        );
        expect(delivered).toEqual(expect.arrayContaining(resolutions));
      }),
    );
  });
});
