import { describe, expect, it } from 'vitest';
import { ReplayRequest } from './delivery.ts';
import { faultsOf, faultText } from './fault.ts';

describe('what is wrong with a request for a replay', () => {
  it.each([
    [{}, 'name an alert and an endpoint, or a range of bar times by from and to'],
    [{ from: 'yesterday', to: 5 }, 'from: Invalid input: expected number, received string'],
    [{ from: 5 }, 'to: Invalid input: expected number, received undefined'],
    [{ alert: 'x' }, 'endpoint: Invalid input: expected string, received undefined'],
    [{ from: 5, to: 6, states: ['pending'] }, /^states\.0: Invalid option/],
    [{ from: 6, to: 6 }, 'to: must lie behind from'],
  ])('is said of the form that it is nearest to: %j', (request, why) => {
    const { error } = ReplayRequest.safeParse(request);
    expect(error === undefined ? '' : faultText(faultsOf(error))).toEqual(
      typeof why === 'string' ? why : expect.stringMatching(why),
    );
  });
});
