import type { RecordedPrint } from './recorded-event.ts';
import { fieldNames, printOfRow, type Row, type RowField } from './row.ts';

const fields = Object.entries(fieldNames) as [RowField, readonly string[]][];

/** The print that a line of NDJSON states, or what is wrong with the line. */
export function printOfNdjson(line: Buffer, fallbackSymbol?: string): RecordedPrint | string {
  let value: unknown;
  try {
    value = JSON.parse(line.toString('utf8'));
  } catch {
    return 'it is no JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it is no JSON object';
  return printOfRow(rowOf(value as Record<string, unknown>), fallbackSymbol);
}

/** The fields of a tick under whichever of their names they come. */
export function rowOf(object: Record<string, unknown>): Row {
  const row: Row = {};
  for (const [field, names] of fields) {
    const name = names.find((candidate) => Object.hasOwn(object, candidate));
    if (name !== undefined) row[field] = object[name];
  }
  return row;
}
