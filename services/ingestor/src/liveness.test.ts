import { describe, expect, it } from 'vitest';
import { Liveness } from './liveness.ts';

function trading(every: number, until: number): Liveness {
  const liveness = new Liveness(null);
  for (let time = 0; time <= until; time += every) {
    liveness.traded(time, time);
    liveness.published(time);
  }
  return liveness;
}

describe('what a feed may claim of a market that does not trade', () => {
  it('a trade moves the watermark to its own time, never back', () => {
    const liveness = new Liveness(null);
    liveness.published(5_000);
    liveness.published(4_000);
    expect(liveness.watermark).toBe(5_000);
  });

  it('a short silence moves the watermark to the exchange clock less the allowance for stragglers', () => {
    const liveness = trading(100, 10_000);
    liveness.ticked(11_500);
    expect(liveness.watermark).toBe(10_500);
  });

  it('a silence beyond the habit stands still, however far the clock of other instruments runs', () => {
    const liveness = trading(100, 10_000);
    liveness.ticked(60_000);
    expect(liveness.watermark).toBe(10_000);
    expect(liveness.suspect(60_000)).toBe(true);
  });

  it('an instrument that trades rarely is not suspected as soon as one that trades all the time', () => {
    expect(trading(100, 10_000).suspect(14_000)).toBe(true);
    expect(trading(800, 10_000).suspect(14_000)).toBe(false);
  });

  it('a confirmed newest id shows that the market is quiet, and the watermark goes on', () => {
    const liveness = trading(100, 10_000);
    liveness.confirmed(60_000);
    expect(liveness.watermark).toBe(59_000);
    expect(liveness.suspect(60_500)).toBe(false);
  });

  it('a new connection proves nothing until it is heard or confirmed', () => {
    const liveness = trading(100, 10_000);
    liveness.disconnected();
    liveness.ticked(10_100);
    expect(liveness.watermark).toBe(10_000);
    expect(liveness.proven).toBe(false);
    liveness.traded(10_200, 10_200);
    expect(liveness.proven).toBe(true);
  });

  it('an instrument of which no trade is known has no watermark', () => {
    const liveness = new Liveness(null);
    liveness.confirmed(60_000);
    expect(liveness.watermark).toBeNull();
  });
});
