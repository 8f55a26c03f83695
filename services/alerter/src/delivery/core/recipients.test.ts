import { Delivery, Endpoint } from '@tandem/common';
import { expect, it } from 'vitest';
import { alert, start } from './alert.fixture.ts';
import { newDelivery, recipientsOf } from './recipients.ts';

const endpoint = (id: string, given: object = {}) =>
  Endpoint.parse({ id, url: 'https://example.com/', ...given });
const endpoints = [
  endpoint('all'),
  endpoint('off', { enabled: false }),
  endpoint('loud', { minimumSeverity: 'critical' }),
  endpoint('gone', { enabled: false, minimumSeverity: 'critical', disabled: { at: 1, reason: '410' } }),
  endpoint('some', { minimumSeverity: 'warning' }),
];
const told = (severity: 'info' | 'warning' | 'critical', named: string[] | 'all' = 'all') =>
  recipientsOf({ severity }, named, endpoints).map(({ id }) => id);

it('an alert goes to the endpoints that are on and listen to what is as severe as it', () => {
  expect(told('info')).toEqual(['all']);
  expect(told('warning')).toEqual(['all', 'some']);
  expect(told('critical')).toEqual(['all', 'loud', 'gone', 'some']);
});

it('a rule may name whom it tells; who is not there is not told', () => {
  expect(told('critical', ['some', 'none', 'off'])).toEqual(['some']);
  expect(told('critical', [])).toEqual([]);
});

it('a delivery is due at once; an entry for 5 minutes, everything else for as long as it takes', () => {
  const entry = newDelivery(alert(), 'desk', start, undefined);
  expect(Delivery.parse(entry)).toMatchObject({
    state: 'pending',
    next: start,
    queued: start,
    expires: start + 300_000,
  });
  expect(newDelivery(alert({ transition: 'resolved' }), 'desk', start, undefined).expires).toBeNull();
  expect(newDelivery(alert({ direction: null }), 'desk', start, undefined).expires).toBeNull();
});

it('what may not leave is not due, and says why', () => {
  expect(newDelivery(alert(), 'desk', start, 'silenced')).toMatchObject({
    state: 'withheld',
    next: null,
    expires: null,
    answer: 'silenced',
  });
});
