import type { Stream } from '@tandem/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bus, type Message, type Position, Refusal } from './bus.ts';

const bar = 'bars.1m.sim.AAA';

/** What every bus promises; `make` gives an empty one. */
export function busContract(name: string, make: () => Promise<Bus>): void {
  describe(`bus: ${name}`, () => {
    let bus: Bus;
    beforeEach(async () => {
      bus = await make();
    });
    afterEach(() => bus.close());

    it('gives a reader every message of a stream in the order of publishing, none missing', async () => {
      for (let n = 0; n < 2_500; n++) await bus.publish(n % 2 ? bar : 'bars.1s.sim.AAA', n);
      const messages = await take(bus, 'BARS', null, 2_500);
      expect(messages.map((message) => message.data)).toEqual(Array.from({ length: 2_500 }, (_, n) => n));
      expect(messages[1]?.subject).toBe(bar);
    });

    it('keeps the order of calls that did not wait for one another', async () => {
      const calls = Array.from({ length: 200 }, (_, n) => bus.publish(bar, n));
      await Promise.all(calls);
      expect((await take(bus, 'BARS', null, 200)).map((message) => message.data)).toEqual(
        calls.map((_, n) => n),
      );
    });

    it('reads on from just after a position', async () => {
      for (let n = 0; n < 10; n++) await bus.publish(bar, n);
      const first = await take(bus, 'BARS', null, 4);
      const rest = await take(bus, 'BARS', first.at(-1)?.position ?? null, 6);
      expect(rest.map((message) => message.data)).toEqual([4, 5, 6, 7, 8, 9]);
    });

    it('gives a waiting reader what is published later', async () => {
      const reading = take(bus, 'ALERTS', null, 1);
      await bus.publish('alerts.divergence.a-b-1m', { z: 2 });
      expect((await reading)[0]?.data).toEqual({ z: 2 });
    });

    it('keeps streams apart', async () => {
      await bus.publish(bar, 'bar');
      await bus.publish('analytics.a-b-1m', 'analytics');
      expect((await take(bus, 'ANALYTICS', null, 1))[0]?.data).toBe('analytics');
    });

    it('ends a reader whose signal aborts, waiting or not', async () => {
      const abort = new AbortController();
      const ended = (async () => {
        for await (const _ of bus.read('TICKS', null, abort.signal));
        return 'ended';
      })();
      abort.abort();
      expect(await ended).toBe('ended');
    });

    it('tells subscribers of a pattern, in order, and of nothing else', async () => {
      const seen: unknown[] = [];
      const told = new Promise<void>((resolve) => {
        bus.subscribe('bars.*.sim.>', (subject, data) => {
          seen.push([subject, data]);
          if (data === 'end') resolve();
        });
      });
      await bus.publish('forming.1m.sim.AAA', 'no');
      await bus.publish(bar, 1);
      await bus.publish('bars.1s.sim.BBB', 2);
      await bus.publish(bar, 'end');
      await told;
      expect(seen).toEqual([
        [bar, 1],
        ['bars.1s.sim.BBB', 2],
        [bar, 'end'],
      ]);
    });

    it('delivers passing messages to whoever listens, and keeps none', async () => {
      await bus.publish('live.a-b-1m', 'missed');
      const heard = new Promise((resolve) => {
        bus.subscribe('live.*', (_, data) => resolve(data));
      });
      await bus.publish('live.a-b-1m', 'heard');
      expect(await heard).toBe('heard');
      expect(await bus.last('live.a-b-1m')).toBeUndefined();
    });

    it('tells a stopped subscriber nothing more', async () => {
      const seen: unknown[] = [];
      const subscription = bus.subscribe('bars.>', (_, data) => seen.push(data));
      subscription.stop();
      const after = new Promise((resolve) => {
        bus.subscribe('bars.>', (_, data) => resolve(data));
      });
      await bus.publish(bar, 1);
      await after;
      expect(seen).toEqual([]);
    });

    it('does not let a throwing handler break the publisher or other handlers', async () => {
      bus.subscribe('bars.>', () => {
        throw new Error('handler');
      });
      const heard = new Promise((resolve) => {
        bus.subscribe('bars.>', (_, data) => resolve(data));
      });
      await bus.publish(bar, 1);
      expect(await heard).toBe(1);
    });

    it('knows the newest message of each subject', async () => {
      await bus.publish(bar, 1);
      await bus.publish(bar, 2);
      await bus.publish('bars.1s.sim.AAA', 3);
      expect((await bus.last(bar))?.data).toBe(2);
      expect(await bus.last('bars.1m.sim.NEVER')).toBeUndefined();
      const { position } = (await bus.last(bar)) as Message;
      expect((await take(bus, 'BARS', position, 1))[0]?.data).toBe(3);
    });

    it('answers a request by whoever serves it, and passes on why it failed', async () => {
      bus.serve('rpc.analytics.test', async (data) => ({ got: data }));
      bus.serve('rpc.analytics.fail', async () => {
        throw new Error('window is too long');
      });
      expect(await bus.request('rpc.analytics.test', [1], 5_000)).toEqual({ got: [1] });
      await expect(bus.request('rpc.analytics.fail', null, 5_000)).rejects.toThrow('window is too long');
    });

    it('tells a question that was refused from one that could not be answered', async () => {
      bus.serve('rpc.analytics.refuse', async () => {
        throw new Refusal('there is no such study');
      });
      bus.serve('rpc.analytics.fail', async () => {
        throw new Error('the disk is full');
      });
      const fault = (method: string) =>
        bus.request(`rpc.analytics.${method}`, null, 5_000).catch((error: Error) => error);
      expect(await fault('refuse')).toEqual(new Refusal('there is no such study'));
      expect(await fault('refuse')).toBeInstanceOf(Refusal);
      expect(await fault('fail')).toMatchObject({ message: 'the disk is full' });
      for (const method of ['fail', 'none']) expect(await fault(method)).not.toBeInstanceOf(Refusal);
    });

    it('says which subject nobody serves, and which did not answer in time', async () => {
      await expect(bus.request('rpc.analytics.none', null, 200)).rejects.toThrow(/rpc\.analytics\.none/);
      bus.serve('rpc.analytics.slow', () => new Promise(() => {}));
      await expect(bus.request('rpc.analytics.slow', null, 20)).rejects.toThrow(
        /rpc\.analytics\.slow.*20 ms/,
      );
      const served = bus.serve('rpc.analytics.gone', async () => 1);
      served.stop();
      await expect(bus.request('rpc.analytics.gone', null, 200)).rejects.toThrow(/rpc\.analytics\.gone/);
    });

    it.each(['', '.', 'bars.', 'bars..x', 'bars.*', 'bars.>', 'bars.a b', 'bars.a\n', 'bars.ä'])(
      'refuses the subject %j in one sentence',
      async (subject) => {
        await expect(bus.publish(subject, 1)).rejects.toThrow(/^subject .* is refused/);
        await expect(bus.request(subject, 1, 100)).rejects.toThrow(/^subject .* is refused/);
        expect(() => bus.serve(subject, async () => 1)).toThrow(/^subject .* is refused/);
      },
    );

    it.each(['', 'bars..>', '>.bars', 'ba*rs.x'])('refuses the pattern %j in one sentence', (pattern) => {
      expect(() => bus.subscribe(pattern, () => {})).toThrow(/^pattern .* is refused/);
    });

    it('ends readers and refuses to publish once closed', async () => {
      const reading = take(bus, 'BARS', null, 1);
      await bus.close();
      expect(await reading).toEqual([]);
      await expect(bus.publish(bar, 1)).rejects.toThrow(/closed/);
      await expect(bus.request('rpc.a.b', 1, 100)).rejects.toThrow(/closed/);
    });
  });
}

/** The next `count` messages of a stream (fewer if reading ends). */
export async function take(
  bus: Bus,
  stream: Stream,
  from: Position | null,
  count: number,
): Promise<Message[]> {
  const abort = new AbortController();
  const messages: Message[] = [];
  for await (const batch of bus.read(stream, from, abort.signal)) {
    messages.push(...batch);
    if (messages.length >= count) abort.abort();
  }
  return messages.slice(0, count);
}
