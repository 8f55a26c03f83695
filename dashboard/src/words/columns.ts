import { intervalMs } from '@tandem/common';
import type { RankedStudy } from '../state/ranking.ts';
import type { Column } from '../state/sort.ts';
import { duration, fixed, probability, significant } from './format.ts';
import { inhibitionWords } from './inhibitions.ts';

/** What each column of numbers is, for its tooltip. */
export const columnTitles: Record<Column, string> = {
  study: 'y – x and the interval of its bars',
  z: 'z of the last closed bar; sorts by its size',
  beta: 'Hedge ratio: units of y per unit of x',
  'half-life': 'Time in which half of a deviation is undone',
  correlation: 'Correlation of the returns of both legs',
  p: 'p of Engle and Granger, y on x: small is good',
  edge: 'Expected move to the exit less the cost of four fills, basis points',
  quality: 'Quality, 0 to 100; no probability',
  state: 'How far the numbers may be trusted at this moment',
  age: 'Since the bar closed',
};

/** A study's cells after its name, in the order of the columns. */
export function cellsOf({ study, row, tile }: RankedStudy): string[] {
  const halfLife = row?.halfLife == null ? null : row.halfLife * intervalMs[study.interval];
  return [
    fixed(row?.z, 2),
    significant(row?.beta, 3, 6),
    duration(halfLife),
    fixed(row?.returnCorrelation, 2),
    probability(row?.cointegrationP),
    fixed(row?.edgeBps, 1),
    fixed(row?.quality, 0),
    tile.valid && inhibitionWords(row?.inhibitions) !== undefined ? 'live, no entry' : narrow(tile.text),
    duration(tile.age),
  ];
}

/** Why a study is not entered though it is live; nothing where nothing forbids it. */
export function stateTitle({ row, tile }: RankedStudy): string {
  const inhibited = inhibitionWords(row?.inhibitions);
  return inhibited === undefined ? tile.text : `${tile.text}; no entry: ${inhibited}`;
}

/** A state for a narrow column: without what is plain there, and no unit apart from its number. */
function narrow(text: string): string {
  return text.replace(' bars,', ',').replace(/(\d) (s|min|h|days)\b/g, '$1\u00a0$2');
}
