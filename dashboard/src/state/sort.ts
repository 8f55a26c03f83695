import { intervalMs } from '@tandem/common';
import { pairName } from '../words/legs.ts';
import { type RankedStudy, rankOf } from './ranking.ts';

/** The columns of the table of studies, in their order. */
export const columns = [
  'study',
  'z',
  'beta',
  'half-life',
  'correlation',
  'p',
  'edge',
  'quality',
  'state',
  'age',
] as const;
export type Column = (typeof columns)[number];

export interface Sort {
  readonly column: Column;
  readonly ascending: boolean;
}

/** What a click on a header makes of the order: the column's useful end first, then the other, then the default by |z|. */
export function sortAfter(before: Sort | undefined, column: Column): Sort | undefined {
  const first = smallFirst.has(column);
  if (before?.column !== column) return { column, ascending: first };
  return before.ascending === first ? { column, ascending: !first } : undefined;
}

/** Studies by a column; what is not known comes last either way, and equals keep their rank. */
export function sorted(studies: readonly RankedStudy[], sort: Sort | undefined): RankedStudy[] {
  if (sort === undefined) return [...studies];
  const sign = sort.ascending ? 1 : -1;
  return [...studies].sort((one, other) => {
    const [a, b] = [keyOf(one, sort.column), keyOf(other, sort.column)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * (typeof a === 'string' ? a.localeCompare(String(b)) : a - Number(b));
  });
}

/** Of these the small end is what a trader looks for first. */
const smallFirst = new Set<Column>(['study', 'half-life', 'p', 'state', 'age']);

function keyOf({ study, row, tile }: RankedStudy, column: Column): number | string | null {
  switch (column) {
    case 'study':
      return `${pairName(study)} ${String(intervalMs[study.interval]).padStart(12, '0')}`;
    case 'state':
      return rankOf(tile);
    case 'age':
      return tile.age;
    case 'z':
      return row?.z == null ? null : Math.abs(row.z);
    case 'half-life':
      return row?.halfLife == null ? null : row.halfLife * intervalMs[study.interval];
    case 'beta':
      return row?.beta ?? null;
    case 'correlation':
      return row?.returnCorrelation ?? null;
    case 'p':
      return row?.cointegrationP ?? null;
    case 'edge':
      return row?.edgeBps ?? null;
    case 'quality':
      return row?.quality ?? null;
  }
}
