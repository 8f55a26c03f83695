import { describe, expect, it } from 'vitest';
import { busContract, take } from './bus.contract.ts';
import { PositionLost } from './bus.ts';
import { memoryBus } from './memory.ts';

busContract('in process', async () => memoryBus());

const bar = 'bars.1m.sim.AAA';
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the in-process bus under load', () => {
  it('makes publishers wait for the slowest reader, and lets them on as it catches up, in order', async () => {
    const bus = memoryBus({ capacity: 4, batch: 2 });
    const abort = new AbortController();
    const reader = bus.read('BARS', null, abort.signal)[Symbol.asyncIterator]();
    const first = reader.next();
    const taken: number[] = [];
    for (let n = 0; n < 7; n++) void bus.publish(bar, n).then(() => taken.push(n));
    await settle();
    expect(taken).toEqual([0, 1, 2, 3]);
    const seen = (await first).value.map((message: { data: unknown }) => message.data);
    await settle();
    expect(taken).toEqual([0, 1, 2, 3]);
    while (seen.length < 7) {
      const { value } = await reader.next();
      seen.push(...value.map((message: { data: unknown }) => message.data));
    }
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6]);
    await settle();
    expect(taken).toEqual([0, 1, 2, 3, 4, 5, 6]);
    await bus.close();
  });

  it('lets publishers on when the reader that held them up goes away', async () => {
    const bus = memoryBus({ capacity: 1 });
    const abort = new AbortController();
    const reader = bus.read('BARS', null, abort.signal)[Symbol.asyncIterator]();
    void reader.next();
    await bus.publish(bar, 1);
    const waiting = bus.publish(bar, 2);
    await settle();
    abort.abort();
    await waiting;
    expect((await bus.last(bar))?.data).toBe(2);
    await bus.close();
  });

  it('drops the oldest without readers, and says so to a reader that needed them', async () => {
    const bus = memoryBus({ capacity: 3 });
    await bus.publish(bar, 0);
    const early = (await bus.last(bar))?.position ?? null;
    for (let n = 1; n < 4; n++) await bus.publish(bar, n);
    expect((await take(bus, 'BARS', early, 3)).map((message) => message.data)).toEqual([1, 2, 3]);
    await bus.publish(bar, 4);
    await expect(take(bus, 'BARS', early, 1)).rejects.toThrow(PositionLost);
    expect((await take(bus, 'BARS', null, 3)).map((message) => message.data)).toEqual([2, 3, 4]);
    await bus.close();
  });

  it('reads from the first kept message for a position of an earlier process', async () => {
    const earlier = memoryBus();
    await earlier.publish(bar, 'old');
    const position = (await earlier.last(bar))?.position ?? null;
    const bus = memoryBus();
    await bus.publish(bar, 'new');
    expect((await take(bus, 'BARS', position, 1))[0]?.data).toBe('new');
    await bus.close();
  });

  it('rejects publishers that are still waiting when it closes', async () => {
    const bus = memoryBus({ capacity: 1 });
    void bus.read('BARS', null, new AbortController().signal)[Symbol.asyncIterator]().next();
    await bus.publish(bar, 1);
    const waiting = bus.publish(bar, 2);
    await bus.close();
    await expect(waiting).rejects.toThrow(/closed/);
  });

  it('shows every subscriber one order even when a handler publishes', async () => {
    const bus = memoryBus();
    const seen: unknown[] = [];
    bus.subscribe('live.a', () => void bus.publish('live.b', 'second'));
    bus.subscribe('live.*', (_, data) => seen.push(data));
    await bus.publish('live.a', 'first');
    expect(seen).toEqual(['first', 'second']);
  });

  it('lets nobody pass publishers that wait, not even a handler that publishes', async () => {
    const bus = memoryBus({ capacity: 2 });
    const abort = new AbortController();
    const reader = bus.read('BARS', null, abort.signal)[Symbol.asyncIterator]();
    const first = reader.next();
    bus.subscribe('bars.>', (_, data) => {
      if (data === 2) void bus.publish(bar, 'echo');
    });
    for (let n = 0; n < 4; n++) void bus.publish(bar, n);
    await first;
    const seen: unknown[] = [];
    while (seen.length < 3) {
      const { value } = await reader.next();
      seen.push(...value.map((message: { data: unknown }) => message.data));
    }
    expect(seen).toEqual([2, 3, 'echo']);
    await bus.close();
  });

  it('tells a subscriber nothing once another has stopped it, even of the message in hand', async () => {
    const bus = memoryBus();
    const seen: unknown[] = [];
    bus.subscribe('live.a', () => second.stop());
    const second = bus.subscribe('live.a', (_, data) => seen.push(data));
    await bus.publish('live.a', 1);
    expect(seen).toEqual([]);
  });

  it('reports what a handler threw', async () => {
    const faults: unknown[] = [];
    const bus = memoryBus({ onError: (error, subject) => faults.push([String(error), subject]) });
    bus.subscribe('live.>', () => {
      throw new Error('broken');
    });
    await bus.publish('live.a', 1);
    expect(faults).toEqual([['Error: broken', 'live.a']]);
  });

  it('shares requests among several servers of one subject', async () => {
    const bus = memoryBus();
    bus.serve('rpc.analytics.test', async () => 'one');
    bus.serve('rpc.analytics.test', async () => 'two');
    const answers = await Promise.all([1, 2, 3, 4].map(() => bus.request('rpc.analytics.test', null, 1_000)));
    expect(answers.sort()).toEqual(['one', 'one', 'two', 'two']);
  });
});
