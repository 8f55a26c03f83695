import { member, numbersOf, type OracleCase } from '../oracle-file.ts';

/** Runs an engine over the rows, and calls `look` after each row that the case names, with its place in the lists. */
export function atIndices(
  test: OracleCase,
  rows: number,
  push: (row: number) => void,
  look: (i: number) => void,
): void {
  const places = new Map([...numbersOf(member(test.expected, 'index'))].map((index, i) => [index, i]));
  for (const index of places.keys()) {
    if (!(index < rows)) throw new Error(`row ${index} does not exist`);
  }
  for (let row = 0; row < rows; row++) {
    push(row);
    const place = places.get(row);
    if (place !== undefined) look(place);
  }
}

/** Member `i` of a list of the expected answer. */
export function wantedAt(test: OracleCase, field: string, i: number): unknown {
  const list = member(test.expected, field);
  if (!Array.isArray(list) || i >= list.length) throw new Error(`"${field}" has no member ${i}`);
  return list[i];
}
