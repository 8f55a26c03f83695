import { natsServer } from '@tandem/backends';
import { connect } from 'nats';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../log.ts';
import { wipeNats } from '../nats-wipe.fixture.ts';
import { take } from './bus.contract.ts';
import { type Message, PositionLost } from './bus.ts';
import { natsBus } from './nats.ts';

const bar = 'bars.1m.sim.AAA';

for (const which of ['newest', 'debian'] as const) {
  const server = await natsServer({ which });
  if (server === undefined) continue;
  afterAll(() => server.stop());

  describe(`streams on NATS ${server.version}`, () => {
    beforeEach(() => wipeNats(server.url));
    const admin = () => connect({ servers: server.url.replace('nats://', '') });

    it('say that a position is lost when retention has deleted what follows it', async () => {
      const bus = await natsBus(server.url, { keeping: { BARS: { maxBytes: 60_000, maxAge: 60_000 } } });
      await bus.publish(bar, 'first');
      const [first] = await take(bus, 'BARS', null, 1);
      for (let n = 0; n < 200; n++) await bus.publish(bar, 'x'.repeat(1_000));
      await expect(take(bus, 'BARS', (first as Message).position, 1)).rejects.toThrow(PositionLost);
      const kept = await take(bus, 'BARS', null, 1);
      expect(kept[0]?.data).toBe('x'.repeat(1_000));
      await bus.close();
    });

    it('say that a position is lost to a reader that retention overtakes', async () => {
      const bus = await natsBus(server.url, { keeping: { BARS: { maxBytes: 6_000_000, maxAge: 60_000 } } });
      const body = 'x'.repeat(20_000);
      for (let n = 0; n < 50; n++) await bus.publish(bar, n);
      const slow = (async () => {
        let expected = 0;
        for await (const batch of bus.read('BARS', null, new AbortController().signal)) {
          for (const { data } of batch) if (data === expected) expected += 1;
          if (expected === 50) {
            const more = Array.from({ length: 1_500 }, (_, n) => bus.publish(`bars.1s.sim.S${n % 50}`, body));
            await Promise.all(more);
          }
        }
      })();
      await expect(slow).rejects.toThrow(PositionLost);
      await bus.close();
    });

    it.each(['2020-01-01T00:00:00Z:5', 'position of another bus', '1:-2', ':'])(
      'say that the position %j of another incarnation is lost',
      async (position) => {
        const bus = await natsBus(server.url);
        await bus.publish(bar, 1);
        await expect(take(bus, 'BARS', position, 1)).rejects.toThrow(PositionLost);
        await bus.close();
      },
    );

    it('say that a position is lost that the stream has not reached', async () => {
      const bus = await natsBus(server.url);
      await bus.publish(bar, 1);
      const position = ((await bus.last(bar)) as Message).position.replace(/\d+$/, '7');
      await expect(take(bus, 'BARS', position, 1)).rejects.toThrow(/ends at 1, before what has been read/);
      await bus.close();
    });

    it('say that a message somebody has deleted is missing, rather than pass over it', async () => {
      const bus = await natsBus(server.url);
      for (let n = 0; n < 4; n++) await bus.publish(bar, n);
      const connection = await admin();
      await (await connection.jetstreamManager()).streams.deleteMessage('BARS', 3);
      await connection.close();
      await expect(take(bus, 'BARS', null, 4)).rejects.toThrow(/"[^"]+:2" is lost: stream BARS goes on at 4/);
      await bus.close();
    });

    it('come back when somebody deletes them, and readers of the old ones hear of it', async () => {
      const bus = await natsBus(server.url);
      await bus.publish(bar, 1);
      const reading = take(bus, 'BARS', null, 2);
      reading.catch(() => {});
      const connection = await admin();
      await (await connection.jetstreamManager()).streams.delete('BARS');
      await connection.close();
      await bus.publish(bar, 2);
      expect((await bus.last(bar))?.data).toBe(2);
      await expect(reading).rejects.toThrow(PositionLost);
      await bus.close();
    });

    it('that cannot be made again are told of once, and what is published waits for them', async () => {
      const lines: string[] = [];
      const log = createLog({ write: (line) => lines.push(line), format: 'json' });
      const bus = await natsBus(server.url, { log });
      const connection = await admin();
      const { streams } = await connection.jetstreamManager();
      await streams.delete('BARS');
      // Of the messages that BARS is for, these are in somebody else's stream; ours is in none.
      await streams.add({ name: 'MINE', subjects: ['bars.1s.>'] });
      const publishing = bus.publish(bar, 1);
      const told = () => lines.filter((line) => line.includes('could not be made again'));
      const overlap = () => told().filter((line) => line.includes('stream BARS cannot be made'));
      await expect.poll(overlap).toHaveLength(1);
      await streams.delete('MINE');
      await publishing;
      expect((await bus.last(bar))?.data).toBe(1);
      // Each message that waited had them tried again.
      expect(overlap()).toHaveLength(1);
      await connection.close();
      await bus.close();
    });

    it('keep only the newest of each feed, and are read over the holes', async () => {
      const bus = await natsBus(server.url);
      for (let n = 0; n < 5; n++) {
        await bus.publish('feeds.sim.AAA', n);
        await bus.publish('feeds.sim.BBB', n);
      }
      await bus.publish('feeds.sim.AAA', 5);
      const read = await take(bus, 'FEEDS', null, 2);
      expect(read.map(({ subject, data }) => [subject, data])).toEqual([
        ['feeds.sim.BBB', 4],
        ['feeds.sim.AAA', 5],
      ]);
      await bus.close();
    });

    it('are given the limits that are wanted now', async () => {
      await (await natsBus(server.url)).close();
      const keeping = { BARS: { maxBytes: 12_345_678, maxAge: 3_600_000 } };
      await (await natsBus(server.url, { keeping })).close();
      const connection = await admin();
      const { config } = await (await connection.jetstreamManager()).streams.info('BARS');
      await connection.close();
      expect([config.max_bytes, config.max_age]).toEqual([12_345_678, 3_600_000_000_000]);
    });

    it('of somebody else are refused in one sentence', async () => {
      const connection = await admin();
      const manager = await connection.jetstreamManager();
      await manager.streams.add({ name: 'BARS', subjects: ['candles.>'] });
      await expect(natsBus(server.url)).rejects.toThrow(
        'stream BARS on the NATS server is not Tandem\'s: its subjects is ["candles.>"], not ["bars.>"]; delete it',
      );
      await manager.streams.delete('BARS');
      await manager.streams.add({ name: 'MINE', subjects: ['bars.>'] });
      await expect(natsBus(server.url)).rejects.toThrow(/^stream BARS cannot be made .* overlap/);
      await connection.close();
    });

    it('pass over what is no JSON, and subjects that nobody of ours could use, and tell of it', async () => {
      const told: string[] = [];
      const bus = await natsBus(server.url, { onError: (_, subject) => told.push(subject) });
      const heard: unknown[] = [];
      bus.subscribe('bars.>', (_, data) => heard.push(data));
      // Once this is answered, the server knows of the subscription.
      await bus.last(bar);
      const connection = await admin();
      const stream = connection.jetstream();
      for (const body of ['{"half', '', 'NaN', '\u0000', Uint8Array.of(0xff, 0xfe)])
        await stream.publish(bar, body);
      await stream.publish('bars.ä', '1');
      await stream.publish('bars.$SYS', '2');
      await stream.publish(bar, '"good"');
      const read = await take(bus, 'BARS', null, 1);
      expect(read.map(({ data }) => data)).toEqual(['good']);
      // The subscriber hears them on a way of its own.
      await expect.poll(() => heard).toEqual(['good']);
      // Once for the reader, once for the subscriber.
      expect(told.filter((subject) => subject === bar)).toHaveLength(10);
      expect(told.filter((subject) => subject !== bar).sort()).toEqual(
        ['bars.$SYS', 'bars.$SYS', 'bars.ä', 'bars.ä'].sort(),
      );
      await connection.close();
      await bus.close();
    });
  });
}
