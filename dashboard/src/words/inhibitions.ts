import type { Inhibition } from '@tandem/common';

const words: Record<Inhibition, string> = {
  gap: 'missing bars',
  invalid: 'hedge ratio not usable',
  break: 'structural break',
  'thin-market': 'thin market',
};

/** What keeps a study from entering: "thin market, structural break"; undefined if nothing does or nothing is known. */
export function inhibitionWords(inhibitions: readonly Inhibition[] | null | undefined): string | undefined {
  if (inhibitions === null || inhibitions === undefined || inhibitions.length === 0) return undefined;
  return inhibitions.map((one) => words[one]).join(', ');
}
