import { expect, it } from 'vitest';
import { pausesIn } from './pauses.ts';

const attempt = (at: number, pausedUntil?: number) => ({
  at,
  took: 10,
  status: pausedUntil === undefined ? 200 : 429,
  answer: '',
  ...(pausedUntil === undefined ? {} : { pausedUntil }),
});
const of = (endpoint: string, ...history: ReturnType<typeof attempt>[]) => ({ endpoint, history });

it('a receiver is left alone as long as the longest of its wishes that are not over', () => {
  const rows = [
    of('busy', attempt(100, 5_000)),
    of('busy', attempt(105, 3_000)),
    of('calm', attempt(100, 900)),
  ];
  expect([...pausesIn(rows, 1_000)]).toEqual([['busy', 5_000]]);
});

it('a wish in spite of which it was asked again is none any more, but what was under way at the time does not end it', () => {
  expect(pausesIn([of('busy', attempt(100, 5_000)), of('busy', attempt(109))], 1_000).get('busy')).toBe(
    5_000,
  );
  expect(pausesIn([of('busy', attempt(100, 5_000)), of('busy', attempt(111))], 1_000).size).toBe(0);
});

it('rows of earlier versions, which have no history, say nothing', () => {
  expect(pausesIn([{ endpoint: 'busy', history: null }], 0).size).toBe(0);
});
