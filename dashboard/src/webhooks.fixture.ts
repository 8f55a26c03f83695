import type { Delivery } from '@tandem/common';
import { minute, origin } from './rows.fixture.ts';
import type { EndpointRow } from './state/endpoint-row.ts';

export function endpointRow(given: Partial<EndpointRow> = {}): EndpointRow {
  return {
    id: 'desk',
    url: 'https://hooks.example.com/…',
    shape: 'slack',
    secrets: ['whsec_…'],
    enabled: true,
    configured: false,
    waiting: 0,
    pausedUntil: null,
    revision: 7,
    ...given,
  };
}

/** A delivery of the alert on the bar of that index. */
export function delivery(index: number, given: Partial<Delivery> = {}): Delivery {
  const time = origin + index * minute;
  return {
    dataset: 'live',
    alert: `divergence_btc-eth-1m_${time}_firing`,
    endpoint: 'desk',
    time,
    state: 'delivered',
    attempts: 1,
    next: null,
    answer: 'status 204',
    queued: time + minute,
    expires: null,
    status: 204,
    history: [{ at: time + minute, took: 12, status: 204, answer: 'status 204' }],
    ...given,
  };
}
