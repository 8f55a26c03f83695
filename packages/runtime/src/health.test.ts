import { describe, expect, it } from 'vitest';
import { healthRegistry } from './health.ts';

describe('health', () => {
  it('is ready once every required part is ok, whatever the others say', () => {
    const health = healthRegistry(() => 0);
    expect(health.read()).toEqual({ ready: true, condition: 'ok', parts: [] });
    const feed = health.part('feed binance-usdm:BTCUSDT');
    const hook = health.part('webhook ops', { required: false });
    expect(health.read().ready).toBe(false);
    feed.report('ok');
    hook.report('degraded', 'answers 500');
    expect(health.read()).toMatchObject({ ready: true, condition: 'degraded' });
    hook.report('down', 'refused');
    expect(health.read()).toMatchObject({ ready: true, condition: 'down' });
    feed.report('degraded', 'the store is away');
    expect(health.read().ready).toBe(false);
    feed.remove();
    hook.remove();
    expect(health.read().parts).toEqual([]);
  });

  it('says why, and for how long: a new reason for the same condition does not start its age anew', () => {
    let now = 1_000;
    const health = healthRegistry(() => now);
    const store = health.part('store');
    now = 2_000;
    store.report('down', 'disk full');
    now = 2_500;
    expect(health.read().parts[0]).toEqual({
      part: 'store',
      condition: 'down',
      reason: 'disk full',
      required: true,
      age: 1_500,
    });
    store.report('ok');
    now = 2_600;
    expect(health.read().parts[0]).toMatchObject({ condition: 'ok', reason: '', age: 100 });
  });

  it('refuses two parts of one name', () => {
    const health = healthRegistry();
    health.part('store');
    expect(() => health.part('store')).toThrow(/two parts .* "store"/);
  });
});
