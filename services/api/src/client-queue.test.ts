import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientQueue, patternLimit } from './client-queue.ts';
import { newest } from './newest.ts';

interface Frame {
  type: string;
  skipped?: number;
  messages: { subject: string; data: number }[];
}
const read = (frames: readonly string[]) => frames.map((frame) => JSON.parse(frame) as Frame);

describe('what a client is sent', () => {
  it('is a snapshot of the newest message per subject, then every update in order', () => {
    const known = newest();
    known.take('ticks.sim.BTC', 1);
    known.take('ticks.sim.BTC', 2);
    known.take('bars.1m.sim.BTC', 7);
    const queue = clientQueue();
    queue.subscribe(['ticks.>']);
    expect(read(queue.take(known.values()))).toEqual([
      { type: 'snapshot', subjects: ['ticks.>'], messages: [{ subject: 'ticks.sim.BTC', data: 2 }] },
    ]);
    for (const data of [3, 4]) queue.offer(known.take('ticks.sim.BTC', data));
    queue.offer(known.take('bars.1m.sim.BTC', 8));
    const [update] = read(queue.take(known.values()));
    expect(update).toMatchObject({ type: 'update', skipped: 0 });
    expect(update!.messages.map((message) => message.data)).toEqual([3, 4]);
  });

  it('is the newest message per subject when it was slow, with how many it missed', () => {
    const known = newest();
    const queue = clientQueue();
    queue.subscribe(['ticks.>']);
    queue.take(known.values());
    queue.offer(known.take('ticks.sim.BTC', 1));
    queue.hold();
    for (const data of [2, 3, 4]) queue.offer(known.take('ticks.sim.BTC', data));
    queue.offer(known.take('ticks.sim.ETH', 9));
    const [update] = read(queue.take(known.values()));
    expect(update!.skipped).toBe(3);
    expect(update!.messages).toEqual([
      { subject: 'ticks.sim.BTC', data: 4 },
      { subject: 'ticks.sim.ETH', data: 9 },
    ]);
  });

  it('never steps back in time: what a snapshot already tells does not follow it', () => {
    const known = newest();
    const queue = clientQueue();
    queue.subscribe(['ticks.>']);
    queue.take(known.values());
    queue.offer(known.take('ticks.sim.BTC', 1));
    queue.offer(known.take('ticks.sim.BTC', 2));
    queue.subscribe(['ticks.sim.*']);
    const frames = read(queue.take(known.values()));
    expect(frames[0]!.messages).toEqual([{ subject: 'ticks.sim.BTC', data: 2 }]);
    expect(frames.slice(1).flatMap((frame) => frame.messages)).toEqual([]);
    expect(frames[1]!.skipped).toBe(1);
  });

  it('accounts for every message: sent or skipped, and nobody waits for more than one per subject', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('offer' as const), subject: fc.constantFrom('a', 'b', 'c') }),
      fc.record({ do: fc.constantFrom('hold' as const, 'take' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const known = newest();
        const queue = clientQueue();
        queue.subscribe(['ticks.>']);
        queue.take(known.values());
        let offered = 0;
        let accounted = 0;
        const lastSeen = new Map<string, number>();
        const drain = () => {
          for (const frame of read(queue.take(known.values()))) {
            accounted += frame.messages.length + (frame.skipped ?? 0);
            for (const { subject, data } of frame.messages) {
              expect(data).toBeGreaterThan(lastSeen.get(subject) ?? 0);
              lastSeen.set(subject, data);
            }
          }
        };
        for (const each of steps) {
          if (each.do === 'offer') queue.offer(known.take(`ticks.${each.subject}`, ++offered));
          else if (each.do === 'hold') queue.hold();
          else drain();
        }
        drain();
        expect(accounted).toBe(offered);
        for (const message of known.values())
          expect(lastSeen.get(message.subject)).toBe(known.data(message.subject));
      }),
    );
  });

  it('is bounded: a client that never reads and asks for all costs one message per subject', () => {
    const known = newest();
    const queue = clientQueue();
    queue.subscribe(['ticks.>']);
    queue.take(known.values());
    for (let index = 1; index <= 20_000; index += 1)
      queue.offer(known.take(`ticks.sim.S${index % 3}`, index));
    const [update] = read(queue.take(known.values()));
    expect(update!.messages).toHaveLength(3);
    expect(update!.skipped).toBe(19_997);
  });

  it('takes no amended earlier row for the newest, in a snapshot as for a slow client', () => {
    const known = newest();
    const queue = clientQueue();
    queue.subscribe(['analytics.a']);
    queue.take(known.values());
    queue.hold();
    queue.offer(known.take('analytics.a', { time: 60, z: 1 }));
    queue.offer(known.take('analytics.a', { time: 60, z: 2 }));
    queue.offer(known.take('analytics.a', { time: 0, z: 9 }));
    const [update] = read(queue.take(known.values()));
    expect(update).toMatchObject({ skipped: 2, messages: [{ data: { time: 60, z: 2 } }] });
    queue.subscribe(['analytics.*']);
    const [snapshot] = read(queue.take(known.values()));
    expect(snapshot!.messages).toEqual([{ subject: 'analytics.a', data: { time: 60, z: 2 } }]);
  });

  it('refuses more subjects than the limit', () => {
    const queue = clientQueue();
    const many = Array.from({ length: patternLimit + 1 }, (_, index) => `ticks.sim.S${index}`);
    expect(queue.subscribe(many)).toContain(String(patternLimit));
    expect(queue.patterns()).toHaveLength(0);
  });

  it('is serialised once, however many clients get it', () => {
    const known = newest();
    let serialised = 0;
    const message = known.take('live.a', { toJSON: () => ++serialised });
    const texts = [message.text(), message.text(), known.get('live.a')!.text()];
    expect(new Set(texts)).toEqual(new Set(['{"subject":"live.a","data":1}']));
  });

  it('stays bounded when subjects are invented without end: the one silent longest is forgotten', () => {
    const known = newest(2);
    for (const subject of ['ticks.a', 'ticks.b', 'ticks.a', 'ticks.c']) known.take(subject, 1);
    expect([...known.values()].map((message) => message.subject)).toEqual(['ticks.a', 'ticks.c']);
  });
});
