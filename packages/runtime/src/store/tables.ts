import type { Alert, Analytics, Bar, Delivery, Gap, Tick } from '@tandem/common';

export type ColumnType = 'text' | 'integer' | 'number' | 'boolean' | 'json';

/** A table's columns in order, the identity of its rows, and the column that orders them in time (ms, always part of the key). */
export interface Table {
  readonly name: TableName;
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly key: readonly string[];
  readonly time: 'time';
  /** How long rows are kept, in days, unless a setting says otherwise. */
  readonly retentionDays: number;
}

export interface TickRow extends Tick {
  dataset: string;
  venue: string;
  symbol: string;
}

/** The row of each table. */
export interface Rows {
  ticks: TickRow;
  gaps: Gap;
  bars: Bar;
  analytics: Analytics;
  alerts: Alert;
  deliveries: Delivery;
}
export type TableName = keyof Rows;

const instrument = { dataset: 'text', venue: 'text', symbol: 'text' } as const;

/** One table, one writer: resampler (ticks, gaps, bars), analytics, alerter (alerts, deliveries). */
export const tables: { readonly [Name in TableName]: Table } = {
  ticks: {
    name: 'ticks',
    columns: {
      ...instrument,
      id: 'text',
      time: 'integer',
      price: 'number',
      quantity: 'number',
      side: 'text',
      count: 'integer',
      received: 'integer',
    },
    key: ['dataset', 'venue', 'symbol', 'id', 'time'],
    time: 'time',
    retentionDays: 3,
  },
  gaps: {
    name: 'gaps',
    columns: {
      ...instrument,
      fromId: 'text',
      toId: 'text',
      time: 'integer',
      toTime: 'integer',
      missing: 'integer',
      reason: 'text',
      state: 'text',
    },
    key: ['dataset', 'venue', 'symbol', 'fromId', 'time'],
    time: 'time',
    retentionDays: 400,
  },
  bars: {
    name: 'bars',
    columns: {
      ...instrument,
      interval: 'text',
      time: 'integer',
      open: 'number',
      high: 'number',
      low: 'number',
      close: 'number',
      volume: 'number',
      quoteVolume: 'number',
      vwap: 'number',
      trades: 'integer',
      buyVolume: 'number',
      buyQuoteVolume: 'number',
      complete: 'boolean',
      gap: 'boolean',
      revision: 'integer',
      source: 'text',
    },
    key: ['dataset', 'venue', 'symbol', 'interval', 'time'],
    time: 'time',
    retentionDays: 30,
  },
  analytics: {
    name: 'analytics',
    columns: {
      dataset: 'text',
      study: 'text',
      time: 'integer',
      state: 'text',
      n: 'integer',
      dropped: 'integer',
      yClose: 'number',
      xClose: 'number',
      alpha: 'number',
      beta: 'number',
      alphaError: 'number',
      betaError: 'number',
      rSquared: 'number',
      spread: 'number',
      spreadDeviation: 'number',
      z: 'number',
      returnCorrelation: 'number',
      priceCorrelation: 'number',
      absent: 'json',
      spreadMean: 'number',
      yReturn: 'number',
      xReturn: 'number',
      yZ: 'number',
      xZ: 'number',
      spreadVolatility: 'number',
      spreadVolatilityHour: 'number',
      spreadVolatilityEwma: 'number',
      volatilityRegime: 'text',
      cointegrationT: 'number',
      cointegrationP: 'number',
      cointegrationReverseP: 'number',
      adfP: 'number',
      halfLife: 'number',
      halfLifeLow: 'number',
      halfLifeHigh: 'number',
      varianceRatio: 'number',
      testedAt: 'integer',
      regime: 'text',
      signal: 'text',
      inhibitions: 'json',
      quality: 'number',
      qualityParts: 'json',
      edgeBps: 'number',
      emptyShare: 'number',
      carry: 'json',
    },
    key: ['dataset', 'study', 'time'],
    time: 'time',
    retentionDays: 30,
  },
  alerts: {
    name: 'alerts',
    columns: {
      dataset: 'text',
      id: 'text',
      rule: 'text',
      study: 'text',
      time: 'integer',
      transition: 'text',
      severity: 'text',
      direction: 'text',
      z: 'number',
      returnCorrelation: 'number',
      beta: 'number',
      text: 'text',
      late: 'boolean',
      simulated: 'boolean',
      instrument: 'text',
      priceCorrelation: 'number',
      legs: 'text',
      inputs: 'json',
      inhibited: 'json',
      labels: 'json',
      amended: 'json',
      link: 'text',
    },
    key: ['dataset', 'id', 'time'],
    time: 'time',
    retentionDays: 400,
  },
  deliveries: {
    name: 'deliveries',
    columns: {
      dataset: 'text',
      alert: 'text',
      endpoint: 'text',
      time: 'integer',
      state: 'text',
      attempts: 'integer',
      next: 'integer',
      answer: 'text',
      queued: 'integer',
      expires: 'integer',
      status: 'integer',
      history: 'json',
    },
    key: ['dataset', 'alert', 'endpoint', 'time'],
    time: 'time',
    retentionDays: 400,
  },
};
