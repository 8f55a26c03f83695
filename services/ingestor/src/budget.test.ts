import { afterEach, describe, expect, it } from 'vitest';
import { Budget } from './budget.ts';

const stopping: AbortController[] = [];
afterEach(() => {
  for (const one of stopping.splice(0)) one.abort();
});

function budget(weightPerMinute: number): Budget {
  const stop = new AbortController();
  stopping.push(stop);
  return new Budget(weightPerMinute, stop.signal);
}

describe("the venue's budget of questions", () => {
  it('lets the live feed ask before the repairs that began earlier', async () => {
    const venue = budget(60_000);
    venue.used(48_000);
    const order: string[] = [];
    const behind = venue.admit(20, 'none').then(() => order.push('behind'));
    behind.catch(() => undefined);
    await venue.admit(20, { within: 5_000 }).then(() => order.push('live'));
    expect(order).toEqual(['live']);
  });

  it('keeps a part for the live feed that repairs behind it do not touch', async () => {
    const venue = budget(100);
    // 80 of 100 are ours, and 20 of these are kept.
    for (let asked = 0; asked < 3; asked++) await venue.admit(20, 'none');
    let more = false;
    venue
      .admit(20, 'none')
      .then(() => {
        more = true;
      })
      .catch(() => undefined);
    await venue.admit(20, { within: 0 });
    expect(more).toBe(false);
  });

  it('tells whoever is in a hurry at once that a ban outlasts it, instead of waiting the ban out', async () => {
    const venue = budget(1_000);
    venue.block(86_400_000);
    await expect(venue.admit(1, { within: 5_000 })).rejects.toThrow(/no question for 86400 s/);
  });

  it('lets nobody wait for a process that stops', async () => {
    const venue = budget(1_000);
    venue.block(86_400_000);
    const waiting = venue.admit(1, 'none');
    stopping[0]?.abort(new Error('stopping'));
    await expect(waiting).rejects.toThrow('stopping');
    await expect(venue.admit(1, 'none')).rejects.toThrow('stopping');
  });
});
