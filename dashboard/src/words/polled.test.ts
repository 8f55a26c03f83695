import { describe, expect, it } from 'vitest';
import { notAsked, pollSpacing } from '../state/polled.ts';
import { polledWords } from './polled.ts';

const fault = { message: 'The store cannot answer at present: busy (request 5)', status: 503 };

describe('what the server is asked for again and again', () => {
  it('is said to be on its way, then nothing is said any more', () => {
    expect(polledWords('deliveries', notAsked, true)).toBe('Asking the server for the deliveries …');
    expect(polledWords('deliveries', notAsked, false)).toMatch(/^Not connected to the server yet/);
    expect(polledWords('deliveries', { value: [], fault: undefined }, true)).toBeUndefined();
  });

  it('is missing for a reason, in the words and with the id of the server', () => {
    expect(polledWords('deliveries', { value: undefined, fault }, true)).toBe(
      'The deliveries cannot be read: The store cannot answer at present: busy (request 5) The page asks again by itself.',
    );
    expect(polledWords('deliveries', { value: [], fault }, true)).toContain('What is shown below is older.');
    const silent = { message: 'the server does not answer', status: undefined };
    expect(polledWords('endpoints', { value: undefined, fault: silent }, true)).toBe(
      'The endpoints cannot be read: the server does not answer. The page asks again by itself.',
    );
  });

  it('is not there in a replay, which sends nothing', () => {
    const unknown = { message: 'There is no GET /api/v1/endpoints', status: 404 };
    expect(polledWords('endpoints', { value: undefined, fault: unknown }, true)).toBe(
      'There are no endpoints here: this server replays a recording and sends nothing.',
    );
  });

  it('is asked for less often while that fails, and least when the server asks for patience', () => {
    expect(polledWords('endpoints', { value: [], fault: { ...fault, status: 429 } }, true)).toMatch(
      /^The server is asked too often: .* waits 15 s/,
    );
    expect([undefined, fault, { ...fault, status: 429 }].map(pollSpacing)).toEqual([2_000, 5_000, 15_000]);
  });
});
