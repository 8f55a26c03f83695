import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arrival, type Segment, Sequencer } from './sequencer.ts';
import type { Print } from './venues/venue.ts';

function print(id: number, market = true): Print {
  return {
    symbol: 'BTCUSDT',
    id,
    time: 1_000 + id * 10,
    price: 100 + id,
    quantity: 1,
    side: 'buy',
    count: 1,
    market,
  };
}

function arrival(id: number, market = true): Arrival {
  return { print: print(id, market), received: 0 };
}

function takeAll(sequencer: Sequencer): Segment[] {
  const segments: Segment[] = [];
  for (let segment = sequencer.take(); segment; segment = sequencer.take()) segments.push(segment);
  return segments;
}

const ids = (segments: Segment[]) =>
  segments.flatMap((segment) => segment.ticks.map((tick) => Number(tick.id)));

describe('the order of ticks', () => {
  it('begins with the first print of an unknown instrument, without a phantom gap', () => {
    const sequencer = new Sequencer(null, null);
    expect(sequencer.offer(arrival(500))).toBe('ready');
    expect(sequencer.missing()).toBeUndefined();
    expect(takeAll(sequencer)).toMatchObject([{ fromId: 500, toId: 500, filtered: 0, time: 6_000 }]);
  });

  it('goes on after the last id that is known from before, and sees what was missed meanwhile', () => {
    const sequencer = new Sequencer(11, 1_100);
    expect(sequencer.offer(arrival(14))).toBe('held');
    expect(sequencer.missing()).toEqual({ from: 11, to: 13 });
    expect(sequencer.take()).toBeUndefined();
    sequencer.fill(13, [arrival(11), arrival(12), arrival(13)]);
    expect(ids(takeAll(sequencer))).toEqual([11, 12, 13, 14]);
  });

  it('counts the ids of prints that are no executions without making ticks of them', () => {
    const sequencer = new Sequencer(1, 0);
    for (const id of [1, 2, 3]) sequencer.offer(arrival(id, id !== 2));
    expect(takeAll(sequencer)).toMatchObject([
      { fromId: 1, toId: 3, filtered: 1, ticks: [{ id: '1' }, { id: '3' }] },
    ]);
  });

  it('takes ids that the history does not list as no executions', () => {
    const sequencer = new Sequencer(1, 0);
    sequencer.offer(arrival(5));
    sequencer.fill(4, [arrival(1), arrival(4)]);
    expect(takeAll(sequencer)).toMatchObject([{ fromId: 1, toId: 5, filtered: 2 }]);
  });

  it('tells equal ids from equal values', () => {
    const sequencer = new Sequencer(1, 0);
    expect(sequencer.offer(arrival(1))).toBe('ready');
    expect(sequencer.offer(arrival(1))).toBe('duplicate');
    expect(sequencer.offer({ print: { ...print(1), id: 2 }, received: 0 })).toBe('ready');
    expect(ids(takeAll(sequencer))).toEqual([1, 2]);
  });

  it('declares what is missing with the times around it and goes on', () => {
    const sequencer = new Sequencer(1, 0);
    for (const id of [1, 5, 6]) sequencer.offer(arrival(id));
    sequencer.declare(4, print(5).time, 'the repair took too long', true);
    const [before, after] = takeAll(sequencer);
    expect(before).toMatchObject({ fromId: 1, toId: 1 });
    expect(after).toMatchObject({
      fromId: 5,
      toId: 6,
      gap: { fromId: '2', toId: '4', fromTime: 1_010, toTime: 1_050, repairable: true },
    });
  });

  it('tells of a gap with the first print after it, and of two without a print between them as of one', () => {
    const sequencer = new Sequencer(2, 1_010);
    sequencer.declare(4, print(5).time, 'away', true);
    expect(sequencer.declaring).toBe(true);
    expect(sequencer.take()).toBeUndefined();
    sequencer.declare(7, print(8).time, 'away for longer', true);
    sequencer.offer(arrival(8));
    expect(sequencer.declaring).toBe(false);
    expect(takeAll(sequencer)).toMatchObject([
      { fromId: 8, toId: 8, gap: { fromId: '2', toId: '7', fromTime: 1_010, toTime: print(8).time } },
    ]);
  });

  it('fetches again what a bus that is away could not take, a declared gap included', () => {
    const sequencer = new Sequencer(1, 0);
    for (const id of [1, 2, 5]) sequencer.offer(arrival(id));
    sequencer.declare(4, print(5).time, 'away', true);
    expect(ids([sequencer.take() as Segment])).toEqual([1, 2]);
    sequencer.shed();
    expect(sequencer.next).toBe(3);
    sequencer.offer(arrival(7));
    expect(sequencer.missing()).toEqual({ from: 3, to: 6 });
  });

  it('what was forgotten for a bus that is away is claimed by no watermark and no gap leaves it out', () => {
    const sequencer = new Sequencer(1, 0);
    for (const id of [1, 2]) sequencer.offer(arrival(id));
    takeAll(sequencer);
    for (const id of [3, 4, 5]) sequencer.offer(arrival(id));
    sequencer.shed();
    expect(sequencer.time).toBe(print(2).time);
    sequencer.offer(arrival(6));
    sequencer.fill(3, [arrival(3)]);
    expect(takeAll(sequencer)).toMatchObject([{ toId: 3, time: print(3).time }]);
    sequencer.declare(5, print(6).time, 'the repair took too long', true);
    expect(takeAll(sequencer)).toMatchObject([
      { fromId: 6, gap: { fromId: '4', fromTime: print(3).time, toTime: print(6).time } },
    ]);
  });

  it('publishes every id once and in order, however frames are lost, repeated and reordered', () => {
    const market = fc.array(fc.boolean(), { minLength: 1, maxLength: 60 });
    const disturbance = fc.array(fc.nat(10_000), { minLength: 60, maxLength: 200 });
    fc.assert(
      fc.property(market, disturbance, (kinds, choices) => {
        const history = kinds.map((isMarket, index) => arrival(index + 1, isMarket));
        const sequencer = new Sequencer(1, 0);
        const taken: Segment[] = [];
        // An arbitrary mess of deliveries, with takes and repairs in between.
        for (const choice of choices) {
          sequencer.offer(history[choice % history.length] as Arrival);
          if (choice % 3 === 0) taken.push(...takeAll(sequencer));
          const hole = sequencer.missing();
          if (hole !== undefined && choice % 5 === 0) {
            const to = hole.from + (choice % (hole.to - hole.from + 1));
            sequencer.fill(
              to,
              history.filter(({ print: { id, market: isMarket } }) => isMarket && id <= to),
            );
          }
        }
        sequencer.fill(
          history.length,
          history.filter((one) => one.print.market),
        );
        taken.push(...takeAll(sequencer));
        expect(ids(taken)).toEqual(history.filter((one) => one.print.market).map((one) => one.print.id));
        let next = 1;
        for (const segment of taken) {
          expect(segment.fromId).toBe(next);
          expect(segment.ticks.length + segment.filtered).toBe(segment.toId - segment.fromId + 1);
          next = segment.toId + 1;
        }
        expect(next).toBe(history.length + 1);
      }),
    );
  });
});
