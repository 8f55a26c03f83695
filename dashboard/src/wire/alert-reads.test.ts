import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { alert } from '../rows.fixture.ts';
import { noFilters } from '../state/alert-history.ts';
import { alertFinder } from './chosen-alert.ts';
import { alertHistory } from './history.ts';
import { Server, settled } from './server.fixture.ts';

let server: Server;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  server = new Server();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the history of alerts', () => {
  it('that could not be read is asked for again', async () => {
    const history = alertHistory(() => undefined);
    history.filter(noFilters);
    await server.fail('/alerts');
    expect(history.fault).toBeDefined();
    vi.advanceTimersByTime(5_000);
    history.tick();
    await server.answer('/alerts', { rows: [alert(0)], more: false });
    expect(history.rows).toEqual([alert(0)]);
    expect(history.fault).toBeUndefined();
  });

  it('is read anew when more were raised than the page holds: none may be left out between', async () => {
    const history = alertHistory(() => undefined);
    const newest = (last: number) => Array.from({ length: 200 }, (_, index) => alert(last - index));
    history.filter(noFilters);
    history.join(newest(200));
    await server.answer('/alerts', { rows: [alert(200)], more: true });
    history.join(newest(399));
    expect(server.waiting('/alerts')).toBe(0);
    history.join(newest(401));
    expect(server.waiting('/alerts')).toBe(1);
    await server.answer('/alerts', { rows: [alert(401)], more: true });
    history.join(newest(402));
    expect(server.waiting('/alerts')).toBe(0);
  });
});

it('an alert that could not be read is asked for again; one that is not stored is not', async () => {
  const find = alertFinder(() => undefined);
  find('a', []);
  await server.fail('/alerts');
  expect(find('a', []).fault).toBeDefined();
  expect(server.waiting('/alerts')).toBe(0);
  vi.advanceTimersByTime(5_000);
  find('a', []);
  await server.answer('/alerts', { rows: [] });
  vi.advanceTimersByTime(60_000);
  expect(find('a', []).fault).toContain('no alert "a" is stored');
  await settled();
  expect(server.waiting('/alerts')).toBe(0);
});
