import { Alert } from '@tandem/common';
import { z } from 'zod';
import { ask, faultSentence } from './rest.ts';

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

  async function read(id: string): Promise<void> {
    let next: ChosenAlert;
    try {
      const { rows } = await ask(`/alerts?id=${encodeURIComponent(id)}`, Found);
      next = {
        alert: rows[0],
        fault: rows.length === 0 ? `no alert ${JSON.stringify(id)} is stored` : undefined,
      };
    } catch (fault) {
      next = { alert: undefined, fault: faultSentence(fault) };
    }
    if (asked !== id) return;
    found = next;
    changed();
  }

  return (id, known) => {
    const alert = known.find((one) => one.id === id);
    if (id === undefined || alert !== undefined) return { alert, fault: undefined };
    if (asked !== id) {
      asked = id;
      found = { alert: undefined, fault: undefined };
      void read(id);
    }
    return found;
  };
}
