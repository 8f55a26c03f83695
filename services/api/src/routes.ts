import { Alert, Analytics, Bar, Delivery, FeedStatus, Gap, parseInstrument, Tick } from '@tandem/common';
import type { Query, Rows, Store, TableName } from '@tandem/runtime';
import { z } from 'zod';
import type { RouteDescription } from './openapi.ts';
import {
  AlertsParameters,
  AnalyticsParameters,
  BarsParameters,
  DeliveriesParameters,
  GapsParameters,
  NoParameters,
  TicksParameters,
} from './parameters.ts';

/** Where answers come from. */
export interface Sources {
  readonly store: Store;
  readonly dataset: string;
  status(): Promise<object>;
  instruments(): readonly string[];
  studies(): readonly object[];
  feeds(): readonly unknown[];
}

/** A GET of the api: its parameters are checked by the schema before `answer` is called. */
export interface Route extends RouteDescription {
  answer: z.ZodType;
  respond(parameters: unknown, sources: Sources): Promise<unknown>;
}

interface Range {
  from?: number | undefined;
  to?: number | undefined;
  limit: number;
}

const rows = <Row extends z.ZodType>(row: Row) =>
  z.strictObject({
    rows: z.array(row).describe('By time, ascending; those of one time are never parted'),
    more: z
      .boolean()
      .describe('Whether the range holds more: ask on from behind the last time, or to before the first'),
  });

function route<Parameters extends z.ZodObject>(
  path: string,
  summary: string,
  parameters: Parameters,
  answer: z.ZodType,
  respond: (parameters: z.output<Parameters>, sources: Sources) => Promise<unknown>,
): Route {
  return {
    path,
    summary,
    parameters,
    answer,
    respond: (given, sources) => respond(given as z.output<Parameters>, sources),
  };
}

/**
 * Rows of a range: the oldest from `from`, or without it the newest; always ascending. Rows of one time stay together,
 * so that the next page begins behind the last time, or ends before the first, without loss: only where a single
 * moment holds more than the limit does a page. Whatever the stream has told before the question is in the answer.
 */
async function page<Name extends TableName>(
  store: Store,
  table: Name,
  where: Query<Name>['where'],
  { from, to, limit }: Range,
): Promise<{ rows: Rows[Name][]; more: boolean }> {
  const newest = from === undefined;
  await store.settled(table);
  const found = await store.query(table, {
    where,
    ...(newest ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    order: newest ? 'descending' : 'ascending',
    limit: limit + 1,
  });
  const cut = found[limit]?.time;
  let kept = found.filter(({ time }) => time !== cut);
  let more = cut !== undefined;
  if (cut !== undefined && kept.length === 0) {
    kept = await store.query(table, {
      where,
      from: cut,
      to: cut + 1,
      order: newest ? 'descending' : 'ascending',
    });
    const beyond = newest ? { to: cut } : { from: cut + 1, ...(to === undefined ? {} : { to }) };
    more = (await store.query(table, { where, ...beyond, limit: 1 })).length > 0;
  }
  return { rows: newest ? kept.reverse() : kept, more };
}

/** Without what is undefined: filters that were not asked for. */
export function given<Values extends object>(values: Values): Partial<Values> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Partial<Values>;
}

/** The columns that name an instrument, for a query. */
export function instrumentColumns(instrument: string | undefined): object {
  return instrument === undefined ? {} : (parseInstrument(instrument) ?? {});
}

export const routes: readonly Route[] = [
  route(
    '/status',
    'Badge, services, feeds, instruments, studies, rules, version and server time',
    NoParameters,
    z.looseObject({}),
    (_, s) => s.status(),
  ),
  route(
    '/instruments',
    'The instruments that are watched',
    NoParameters,
    z.strictObject({ instruments: z.array(z.string()) }),
    async (_, s) => ({
      instruments: s.instruments(),
    }),
  ),
  route(
    '/studies',
    'The studies that are watched',
    NoParameters,
    z.strictObject({ studies: z.array(z.looseObject({})) }),
    async (_, s) => ({
      studies: s.studies(),
    }),
  ),
  route(
    '/feeds',
    'The newest statement of each feed',
    NoParameters,
    z.strictObject({ feeds: z.array(FeedStatus) }),
    async (_, s) => ({
      feeds: s.feeds(),
    }),
  ),
  route(
    '/bars',
    'Bars of an instrument',
    BarsParameters,
    rows(Bar),
    ({ instrument, interval, ...range }, { store, dataset }) =>
      page(store, 'bars', { dataset, ...instrumentColumns(instrument), interval }, range),
  ),
  route(
    '/ticks',
    'Trades of an instrument',
    TicksParameters,
    rows(Tick.extend({ dataset: z.string(), venue: z.string(), symbol: z.string() })),
    ({ instrument, ...range }, { store, dataset }) =>
      page(store, 'ticks', { dataset, ...instrumentColumns(instrument) }, range),
  ),
  route(
    '/gaps',
    'Ranges of trades that are or were missing',
    GapsParameters,
    rows(Gap),
    ({ instrument, ...range }, { store, dataset }) =>
      page(store, 'gaps', { dataset, ...instrumentColumns(instrument) }, range),
  ),
  route(
    '/analytics',
    'Confirmed analytics of a study, one row per bar',
    AnalyticsParameters,
    rows(Analytics),
    ({ study, ...range }, { store, dataset }) => page(store, 'analytics', { dataset, study }, range),
  ),
  route(
    '/alerts',
    'Alerts, of all studies or of one',
    AlertsParameters,
    rows(Alert),
    ({ id, study, rule, transition, severity, ...range }, { store, dataset }) =>
      page(store, 'alerts', { dataset, ...given({ id, study, rule, transition, severity }) }, range),
  ),
  route(
    '/deliveries',
    'What became of each alert at each endpoint',
    DeliveriesParameters,
    rows(Delivery),
    ({ alert, endpoint, state, ...range }, { store, dataset }) =>
      page(store, 'deliveries', { dataset, ...given({ alert, endpoint, state }) }, range),
  ),
];
