import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bus, PositionLost } from './bus/bus.ts';
import { memoryBus } from './bus/memory.ts';
import { follow, positionsBucket } from './follow.ts';
import { type Health, healthRegistry } from './health.ts';
import { createLog } from './log.ts';
import { memorySettings } from './settings/memory.ts';
import type { Settings } from './settings/settings.ts';

const log = createLog({ level: 'silent' });
const bar = 'bars.1m.sim.AAA';
let bus: Bus;
let settings: Settings;
let health: Health;
let abort: AbortController;

beforeEach(() => {
  bus = memoryBus();
  settings = memorySettings();
  health = healthRegistry();
  abort = new AbortController();
});
afterEach(() => bus.close());

/** The in-process bus, whose positions last as long as the test, said to be durable. */
function lasting(options = {}): Bus {
  return Object.defineProperty(memoryBus(options), 'durable', { value: true });
}

/** Follows BARS as `analytics` until `until` has been handled; returns what was handled. */
async function handle(until: unknown, fail: (data: unknown[]) => void = () => {}): Promise<unknown[]> {
  const seen: unknown[] = [];
  const stopping = new AbortController();
  await follow(
    { bus, settings, log, health },
    {
      consumer: 'analytics',
      stream: 'BARS',
      signal: stopping.signal,
      retry: { first: 1, most: 2 },
      async handle(messages) {
        const data = messages.map((message) => message.data);
        fail(data);
        seen.push(...data);
        if (data.includes(until)) stopping.abort();
      },
    },
  );
  return seen;
}

describe('following a stream', () => {
  it('reads from the first message, and after a restart on a durable bus from where it was', async () => {
    bus = lasting();
    await bus.publish(bar, 1);
    await bus.publish(bar, 2);
    expect(await handle(2)).toEqual([1, 2]);
    await bus.publish(bar, 3);
    expect(await handle(3)).toEqual([3]);
    expect(await settings.list(positionsBucket)).toMatchObject([{ key: 'analytics.bars' }]);
  });

  it('stores no position where it would mean nothing to the next process', async () => {
    await bus.publish(bar, 1);
    expect(await handle(1)).toEqual([1]);
    expect(await settings.list(positionsBucket)).toEqual([]);
  });

  it('hands the same batch over again until it succeeds, and says so in health meanwhile', async () => {
    await bus.publish(bar, 1);
    await bus.publish(bar, 2);
    const batches: unknown[][] = [];
    const reasons: string[] = [];
    const seen = await handle(2, (data) => {
      batches.push(data);
      reasons.push(health.read().parts[0]?.reason ?? '');
      if (batches.length < 4) throw new Error(`the store is away (${batches.length})`);
    });
    expect(seen).toEqual([1, 2]);
    expect(batches).toEqual([1, 2, 3, 4].map(() => [1, 2]));
    expect(reasons).toEqual(['', 'the store is away (1)', 'the store is away (2)', 'the store is away (3)']);
    expect(health.read().parts).toEqual([]);
  });

  it('does not store the position of a batch that never succeeded', async () => {
    bus = lasting();
    await bus.publish(bar, 1);
    await handle(1);
    await bus.publish(bar, 2);
    await follow(
      { bus, settings, log, health },
      {
        consumer: 'analytics',
        stream: 'BARS',
        signal: abort.signal,
        async handle() {
          abort.abort();
          throw new Error('the store is away');
        },
      },
    );
    expect(await handle(2)).toEqual([2]);
  });

  it('stores the position while the stream goes on, without waiting for the end', async () => {
    bus = lasting();
    const stored = new Promise((resolve) => settings.watch(positionsBucket, resolve));
    const following = follow(
      { bus, settings, log, health },
      { consumer: 'api', stream: 'BARS', signal: abort.signal, storeEvery: 1, async handle() {} },
    );
    await bus.publish(bar, 1);
    expect(await stored).toBe('api.bars');
    abort.abort();
    await following;
  });

  it('rejects when retention has deleted what it had not read', async () => {
    bus = lasting({ capacity: 2 });
    await bus.publish(bar, 0);
    await handle(0);
    for (let n = 1; n < 5; n++) await bus.publish(bar, n);
    await expect(handle(4)).rejects.toThrow(PositionLost);
  });
});
