import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type ExportFormat, isDiskFull, type Query, type Store, type TableName } from '@tandem/runtime';
import type { Response } from 'express';
import type { z } from 'zod';
import { inExportDirectory } from './export-directory.ts';
import type { RouteDescription } from './openapi.ts';
import { AlertsExport, AnalyticsExport, BarsExport, TicksExport } from './parameters.ts';
import { given, instrumentColumns } from './routes.ts';

const mediaTypes: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
};

interface ExportParameters {
  instrument?: string;
  from?: number;
  to?: number;
  format: ExportFormat;
  /** Everything else is a column and what it must be. */
  [column: string]: string | number | undefined;
}

export interface ExportRoute extends RouteDescription {
  readonly table: TableName;
}

function exportRoute(table: TableName, parameters: z.ZodObject): ExportRoute {
  return {
    table,
    path: `/export/${table}`,
    summary: `A file of ${table}: CSV, NDJSON or Parquet`,
    parameters,
    answer: Object.values(mediaTypes),
  };
}

export const exportRoutes: readonly ExportRoute[] = [
  exportRoute('bars', BarsExport),
  exportRoute('analytics', AnalyticsExport),
  exportRoute('ticks', TicksExport),
  exportRoute('alerts', AlertsExport),
];

/** The file's name says what is in it: table, instrument or study, interval and range. */
export function fileName(
  table: string,
  { instrument, from, to, format, ...columns }: ExportParameters,
): string {
  const at = (time: number | undefined) =>
    time === undefined ? undefined : new Date(time).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const range = from === undefined && to === undefined ? [] : [at(from) ?? 'start', at(to) ?? 'now'];
  const parts = ['tandem', table, instrument?.replace(':', '-'), ...Object.values(columns), ...range];
  return `${parts.filter((part) => part !== undefined).join('_')}.${format}`;
}

/** There is no room for the file that was asked for. */
export class NoRoom extends Error {}

/** Writes the rows to a file of its own, sends it, and removes it whatever happens. */
export function sendExport(
  store: Store,
  dataset: string,
  table: TableName,
  asked: unknown,
  response: Response,
): Promise<void> {
  const parameters = asked as ExportParameters;
  return inExportDirectory(async (directory) => {
    const file = join(directory, 'rows');
    const { instrument, from, to, format, ...columns } = parameters;
    const query = {
      where: { dataset, ...instrumentColumns(instrument), ...given(columns) },
      ...given({ from, to }),
    } as Query<TableName>;
    await store.settled(table);
    await store.export(table, query, format, file).catch(explained);
    response.setHeader('Content-Type', mediaTypes[format]);
    response.setHeader('Content-Length', (await stat(file)).size);
    response.setHeader('Content-Disposition', `attachment; filename="${fileName(table, parameters)}"`);
    await pipeline(createReadStream(file), response);
  });
}

function explained(cause: unknown): never {
  if (!isDiskFull(cause)) throw cause;
  const place = tmpdir();
  throw new NoRoom(
    `There is no room for this file in ${place}: ask for a shorter range, or make room there.`,
    { cause },
  );
}
