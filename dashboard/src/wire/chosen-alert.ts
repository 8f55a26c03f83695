import { Alert } from '@tandem/common';
import { z } from 'zod';
import { ask, faultSentence } from './rest.ts';

/** What could not be read is asked for again after this time, ms. */
const patience = 5_000;
const Found = z.object({ rows: z.array(Alert) });

export interface ChosenAlert {
  /** Undefined while it is not known. */
  readonly alert: Alert | undefined;
  /** Why it is not known. */
  readonly fault: string | undefined;
}

/** The alert that the address names, from those that the page has or else from the store. */
export function alertFinder(
  changed: () => void,
): (id: string | undefined, known: readonly Alert[]) => ChosenAlert {
  let asked: string | undefined;
  let found: ChosenAlert = { alert: undefined, fault: undefined };
  let askAgainAt = Number.POSITIVE_INFINITY;

  async function read(id: string): Promise<void> {
    asked = id;
    askAgainAt = Number.POSITIVE_INFINITY;
    let next: ChosenAlert;
    let failed = false;
    try {
      const { rows } = await ask(`/alerts?id=${encodeURIComponent(id)}`, Found);
      next = {
        alert: rows[0],
        fault: rows.length === 0 ? `no alert ${JSON.stringify(id)} is stored` : undefined,
      };
    } catch (fault) {
      next = { alert: undefined, fault: faultSentence(fault) };
      failed = true;
    }
    if (asked !== id) return;
    found = next;
    if (failed) askAgainAt = performance.now() + patience;
    changed();
  }

  return (id, known) => {
    const alert = known.find((one) => one.id === id);
    if (id === undefined || alert !== undefined) return { alert, fault: undefined };
    if (asked !== id) found = { alert: undefined, fault: undefined };
    if (asked !== id || performance.now() >= askAgainAt) void read(id);
    return found;
  };
}
