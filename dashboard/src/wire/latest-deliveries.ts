import type { Delivery } from '@tandem/common';
import { touchedAt } from '../state/delivery-page.ts';
import { readLatest } from './webhooks.ts';

/** How many endpoints are asked about in one round: with many of them each is asked about less often. */
const atOnce = 4;
const spacing = 1_900;

/** The last delivery of each endpoint. */
export interface LatestDeliveries {
  /** Null: there was none. Undefined: not known. */
  of(endpoint: string): Delivery | null | undefined;
  /** Asks about those that were not asked about for longest. */
  tick(endpoints: readonly string[]): void;
}

export function latestDeliveries(changed: () => void): LatestDeliveries {
  const latest = new Map<string, Delivery | null>();
  const asked = new Map<string, number>();
  let busy = false;

  async function run(endpoints: readonly string[]): Promise<void> {
    busy = true;
    await Promise.all(
      endpoints.map(async (endpoint) => {
        asked.set(endpoint, performance.now());
        // What cannot be known now stays as it was: the panel of all deliveries says that the server is in trouble.
        const rows = await readLatest(endpoint).catch(() => undefined);
        if (rows === undefined) return;
        const newest = rows.toSorted((one, other) => touchedAt(other) - touchedAt(one))[0];
        latest.set(endpoint, newest ?? null);
      }),
    );
    busy = false;
    changed();
  }

  return {
    of: (endpoint) => latest.get(endpoint),
    tick(endpoints) {
      if (busy) return;
      const since = (endpoint: string) =>
        performance.now() - (asked.get(endpoint) ?? Number.NEGATIVE_INFINITY);
      const due = endpoints
        .filter((endpoint) => since(endpoint) >= spacing)
        .sort((one, other) => since(other) - since(one))
        .slice(0, atOnce);
      if (due.length > 0) void run(due);
    },
  };
}
