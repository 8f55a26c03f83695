import type { RecordedPrint } from './recorded-event.ts';
import { fieldNames, printOfRow, type Row, type RowField } from './row.ts';

/** Which column holds which field. */
export interface CsvHeader {
  /** The line itself. */
  text: string;
  columns: Partial<Record<RowField, number>>;
  width: number;
}

const fields = Object.entries(fieldNames) as [RowField, readonly string[]][];

/** The header that a first line is, or undefined if it names no time and price. */
export function csvHeader(line: string): CsvHeader | undefined {
  const names = cells(line).map((cell) => cell.trim());
  if (names.length < 2) return undefined;
  const columns: CsvHeader['columns'] = {};
  for (const [field, candidates] of fields) {
    // `T` is a time and `t` is not: single letters keep their case.
    const known = (name: string) =>
      candidates.some((candidate) =>
        candidate.length === 1 ? name === candidate : name.toLowerCase() === candidate.toLowerCase(),
      );
    const column = names.findIndex(known);
    if (column >= 0) columns[field] = column;
  }
  return columns.time === undefined || columns.price === undefined
    ? undefined
    : { text: line, columns, width: names.length };
}

/** The print that a CSV line states, or what is wrong with the line. */
export function printOfCsv(
  line: string,
  header: CsvHeader,
  fallbackSymbol: string | undefined,
): RecordedPrint | string {
  const values = cells(line);
  if (values.length !== header.width)
    return `it has ${values.length} columns where the header has ${header.width}`;
  const row: Row = {};
  for (const [field, column] of Object.entries(header.columns) as [RowField, number][]) {
    row[field] = values[column]?.trim();
  }
  return printOfRow(row, fallbackSymbol);
}

function cells(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  const found: string[] = [];
  const cell = /\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))(,|$)/y;
  for (let end = ','; end === ','; ) {
    const match = cell.exec(line);
    if (match === null) return [line];
    found.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    end = match[3] as string;
  }
  return found;
}
