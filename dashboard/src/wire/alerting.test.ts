import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { alertingFeed } from './alerting.ts';
import { Server, settled } from './server.fixture.ts';

let server: Server;
const silence = { id: 's', from: 1, until: 9_000, by: 'me', comment: '' };

beforeEach(() => {
  server = new Server();
  for (const path of ['/rules', '/acknowledgements', '/endpoints']) server.usual(path, { rows: [] });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

it('what was asked before a change of ours does not bring back what it ended', async () => {
  const feed = alertingFeed(() => undefined);
  feed.tick();
  const [before] = server.questions;
  expect(before?.path).toBe('/silences');
  const ended = feed.unsilence('s');
  await server.answer('/silences/s', { id: 's' });
  await ended;
  const [, after] = server.questions;
  after!.answer({ rows: [] });
  await settled();
  before!.answer({ rows: [silence] });
  await settled();
  expect(feed.state.rules).toEqual([]);
  expect(feed.state.silences).toEqual([]);
});

it('who waits for the newest gets it though another question has come between', async () => {
  const feed = alertingFeed(() => undefined);
  let seen: number | undefined;
  const waited = feed.refresh().then(() => {
    seen = feed.state.silences.length;
  });
  void feed.refresh();
  const [first, second] = server.questions;
  first!.answer({ rows: [] });
  await settled();
  expect(seen).toBeUndefined();
  second!.answer({ rows: [silence] });
  await waited;
  expect(seen).toBe(1);
});
