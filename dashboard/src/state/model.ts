import {
  Alert,
  Analytics,
  Bar,
  FeedStatus,
  type Gap,
  instrumentOf,
  LiveStudy,
  supersedes,
} from '@tandem/common';
import { type Connection, firstConnection } from './connection.ts';
import { upsert } from './series.ts';
import type { Status } from './status.ts';

/** What the chosen study's charts are drawn from. */
export interface Detail {
  readonly study: string;
  rows: Analytics[];
  y: Bar[];
  x: Bar[];
  gaps: Gap[];
  loaded: boolean;
  /** Why the history is missing, with the request's id. */
  fault: string | undefined;
}

/** Everything that the page knows. Changed only by the functions of this file and the shell's own fields. */
export interface Model {
  connection: Connection;
  /** Server's clock minus this page's, ms. */
  offset: number;
  status: Status | undefined;
  statusFault: string | undefined;
  analytics: Map<string, Analytics>;
  live: Map<string, LiveStudy>;
  /** When each study was last heard of, by the server's clock. */
  heard: Map<string, number>;
  feeds: Map<string, FeedStatus>;
  forming: Map<string, Bar>;
  /** When each provisional word was heard, by study or by the key of its bar. */
  provisionalHeard: Map<string, number>;
  /** When the last few statements of each feed were heard that told of new trades. */
  tradesHeard: Map<string, readonly number[]>;
  alerts: Alert[];
  /** Whether those that were raised before the stream began are known. */
  alertsLoaded: boolean;
  /** Why alerts may be missing, with the request's id. */
  alertsFault: string | undefined;
  detail: Detail | undefined;
  /** Messages that were not of their schema. */
  refused: number;
}

/** How many statements of new trades a feed may make before silence about them is noticed; one a second. */
export const tradesKept = 10;
/** The most alerts that the page holds: older ones go. */
export const alertLimit = 200;

export function emptyModel(): Model {
  return {
    connection: firstConnection,
    offset: 0,
    status: undefined,
    statusFault: undefined,
    ...nothing(),
    refused: 0,
  };
}

/** Whatever the server says of the market. */
function nothing() {
  return {
    analytics: new Map<string, Analytics>(),
    live: new Map<string, LiveStudy>(),
    heard: new Map<string, number>(),
    feeds: new Map<string, FeedStatus>(),
    forming: new Map<string, Bar>(),
    provisionalHeard: new Map<string, number>(),
    tradesHeard: new Map<string, readonly number[]>(),
    alerts: [],
    alertsLoaded: false,
    alertsFault: undefined,
    detail: undefined,
  };
}

/** Forgets all of it: what comes is of another server. */
export function forget(model: Model): void {
  Object.assign(model, nothing());
}

export function emptyDetail(study: string): Detail {
  return { study, rows: [], y: [], x: [], gaps: [], loaded: false, fault: undefined };
}

/** Takes one message of the stream. Charts are rows keyed by time, so a message that comes twice changes nothing. */
export function take(model: Model, subject: string, data: unknown, now: number): void {
  const head = subject.slice(0, subject.indexOf('.'));
  if (head === 'analytics') accept(model, Analytics.safeParse(data).data, (row) => takeRow(model, row, now));
  else if (head === 'live')
    accept(model, LiveStudy.safeParse(data).data, (row) => {
      model.live.set(row.study, row);
      model.provisionalHeard.set(row.study, now);
    });
  else if (head === 'bars') accept(model, Bar.safeParse(data).data, (bar) => takeBar(model, bar));
  else if (head === 'forming')
    accept(model, Bar.safeParse(data).data, (bar) => {
      model.forming.set(barKey(bar), bar);
      model.provisionalHeard.set(barKey(bar), now);
    });
  else if (head === 'alerts')
    accept(model, Alert.safeParse(data).data, (alert) => takeAlerts(model, [alert]));
  else if (head === 'feeds')
    accept(model, FeedStatus.safeParse(data).data, (feed) => takeFeed(model, feed, now));
}

function accept<Value>(model: Model, value: Value | undefined, use: (value: Value) => void): void {
  if (value === undefined) model.refused += 1;
  else use(value);
}

function takeRow(model: Model, row: Analytics, now: number): void {
  const known = model.analytics.get(row.study);
  if (known === undefined || row.time >= known.time) model.analytics.set(row.study, row);
  if (known === undefined || row.time > known.time) model.heard.set(row.study, now);
  if (model.detail?.study === row.study) model.detail.rows = upsert(model.detail.rows, [row]);
}

function takeBar(model: Model, bar: Bar): void {
  const { detail, status } = model;
  const study = status?.studies.find((one) => one.id === detail?.study);
  if (detail === undefined || study === undefined || study.interval !== bar.interval) return;
  const instrument = instrumentOf(bar.venue, bar.symbol);
  if (instrument === study.y) detail.y = upsert(detail.y, [bar], supersedes);
  if (instrument === study.x) detail.x = upsert(detail.x, [bar], supersedes);
}

/**
 * Takes what the store answered about the chosen study. Whatever was amended while the page was cut off is in the
 * answer; only what the stream brought while the question was under way (not in `before`) is newer than it.
 */
export function takeHistory(
  detail: Detail,
  answer: Pick<Detail, 'rows' | 'y' | 'x'>,
  before: Pick<Detail, 'rows' | 'y' | 'x'>,
): void {
  const bars = (leg: 'y' | 'x') =>
    upsert(upsert(detail[leg], answer[leg], supersedes), newOf(detail[leg], before[leg]), supersedes);
  detail.rows = upsert(upsert(detail.rows, answer.rows), newOf(detail.rows, before.rows));
  detail.y = bars('y');
  detail.x = bars('x');
  detail.loaded = true;
}

function newOf<Row>(now: readonly Row[], before: Iterable<Row>): Row[] {
  const known = new Set(before);
  return now.filter((row) => !known.has(row));
}

function takeFeed(model: Model, feed: FeedStatus, now: number): void {
  const key = instrumentOf(feed.venue, feed.symbol);
  const known = model.feeds.get(key);
  if (known !== undefined && feed.at < known.at) return;
  model.feeds.set(key, feed);
  if (known !== undefined && feed.lastTime !== known.lastTime)
    model.tradesHeard.set(key, [...(model.tradesHeard.get(key) ?? []), now].slice(-tradesKept));
}

/** Newest first, each alert once. */
export function takeAlerts(model: Model, alerts: readonly Alert[]): void {
  const byId = new Map(model.alerts.map((alert) => [alert.id, alert]));
  for (const alert of alerts) byId.set(alert.id, alert);
  model.alerts = [...byId.values()]
    .sort((a, b) => b.time - a.time || b.id.localeCompare(a.id))
    .slice(0, alertLimit);
}

/** Takes the newest alerts of the store; those that came meanwhile (not in `before`) may be amended since. */
export function takeAlertHistory(model: Model, answer: readonly Alert[], before: Iterable<Alert>): void {
  const streamed = newOf(model.alerts, before);
  takeAlerts(model, answer);
  takeAlerts(model, streamed);
  model.alertsLoaded = true;
  model.alertsFault = undefined;
}

/** The key of a bar that is still forming. */
export function barKey(bar: Pick<Bar, 'interval' | 'venue' | 'symbol'>): string {
  return `${bar.interval} ${bar.venue}:${bar.symbol}`;
}

/** Trades missing from the legs of the chosen study, by the gaps that are not repaired. */
export function missingTrades(gaps: readonly Gap[]): number {
  return gaps.reduce((sum, gap) => sum + (gap.state === 'repaired' ? 0 : gap.missing), 0);
}
