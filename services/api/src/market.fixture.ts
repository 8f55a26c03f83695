import {
  type Alert,
  type Analytics,
  type Bar,
  barTime,
  blankAnalytics,
  defaultCosts,
  defaultRules,
  defaultThresholds,
  type FeedStatus,
  type Gap,
  type Interval,
  intervalMs,
  metrics,
  parseInstrument,
  type Study,
} from '@tandem/common';

/** A market made of numbers: the same for the same time, so that what a test sees it can compute again. */
const factor = (time: number, period: number, phase: number) =>
  Math.sin((time / period) * 2 * Math.PI + phase);
const noise = (time: number, salt: number) => {
  const hashed = Math.sin((time / 1_000) * 12.9898 + salt * 78.233) * 43_758.5453;
  return hashed - Math.floor(hashed) - 0.5;
};

export const watched = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'BNBUSDT', 'XRPUSDT'].map(
  (symbol) => `sim:${symbol}`,
);

const levels: Record<string, number> = {
  BTCUSDT: 60_000,
  ETHUSDT: 2_600,
  SOLUSDT: 150,
  BNBUSDT: 520,
  XRPUSDT: 0.6,
};

export function priceAt(instrument: string, time: number): number {
  const symbol = parseInstrument(instrument)!.symbol;
  const salt = symbol.charCodeAt(0) + symbol.charCodeAt(1);
  const common =
    0.012 * factor(time, 5_400_000, 0.3) +
    0.004 * factor(time, 830_000, 1.1) +
    0.0012 * factor(time, 97_000, 0.7);
  const own =
    0.0022 * factor(time, 2_700_000 + salt * 9_000, salt) +
    0.0007 * factor(time, 230_000, salt) +
    0.0004 * noise(time, salt);
  const price = levels[symbol]! * Math.exp(common + own);
  return Number(price.toPrecision(7));
}

function study(y: string, x: string, interval: Interval, window: number): Study {
  const name = (instrument: string) => parseInstrument(instrument)!.symbol.replace('USDT', '').toLowerCase();
  return {
    id: `${name(y)}-${name(x)}-${interval}`,
    y,
    x,
    interval,
    window,
    method: 'ols',
    scale: 'price',
    thresholds: defaultThresholds,
    costs: defaultCosts,
    correlation: 0.5,
  };
}

const [btc, eth, sol, bnb, xrp] = watched as [string, string, string, string, string];
export const studies: Study[] = [
  study(btc, eth, '1s', 600),
  study(btc, eth, '1m', 240),
  study(btc, eth, '5m', 288),
  study(sol, eth, '1m', 240),
  study(bnb, btc, '1m', 240),
  study(xrp, eth, '1m', 240),
];
export const rules = defaultRules;

/** Trades of these times never arrived: bars inside are null and marked. */
export function gapOf(instrument: string, origin: number): Gap | undefined {
  if (instrument !== eth) return undefined;
  const { venue, symbol } = parseInstrument(instrument)!;
  const time = barTime(origin - 95 * 60_000, '1m');
  return {
    dataset: 'live',
    venue,
    symbol,
    fromId: '1001',
    toId: '2843',
    time,
    toTime: time + 11 * 60_000 + 20_000,
    missing: 1_843,
    reason: 'connection lost',
    state: 'lost',
  };
}

export function barAt(instrument: string, interval: Interval, time: number, origin: number): Bar {
  const { venue, symbol } = parseInstrument(instrument)!;
  const length = intervalMs[interval];
  const gap = gapOf(instrument, origin);
  const missing = gap !== undefined && gap.time < time + length && gap.toTime > time;
  const inside = missing && gap.time <= time && gap.toTime >= time + length;
  const steps = [0, 0.25, 0.5, 0.75, 1].map((part) => priceAt(instrument, time + part * (length - 1)));
  const volume = inside ? 0 : 10 + 8 * (noise(time, 3) + 0.5);
  const price = (value: number) => (inside ? null : value);
  return {
    dataset: 'live',
    venue,
    symbol,
    interval,
    time,
    open: price(steps[0]!),
    high: price(Math.max(...steps)),
    low: price(Math.min(...steps)),
    close: price(steps[4]!),
    volume,
    quoteVolume: volume * steps[2]!,
    vwap: price(steps[2]!),
    trades: inside ? 0 : 40,
    buyVolume: volume / 2,
    buyQuoteVolume: (volume * steps[2]!) / 2,
    complete: true,
    gap: missing,
    revision: 40,
    source: 'trades',
  };
}

/** Least squares over the closes that are known: enough to draw a page by. */
export function analyticsOf(watch: Study, y: readonly Bar[], x: readonly Bar[]): Analytics {
  const last = y.at(-1)!;
  const pairs = y
    .map((bar, index) => [bar, x[index]!] as const)
    .slice(-watch.window)
    .filter(([a, b]) => a.close !== null && b.close !== null && !a.gap && !b.gap);
  const ys = pairs.map(([bar]) => bar.close!);
  const xs = pairs.map(([, bar]) => bar.close!);
  const n = pairs.length;
  const base = {
    ...blankAnalytics('live', watch.id, last.time),
    n,
    dropped: Math.min(watch.window, y.length) - n,
    yClose: last.close,
    xClose: x.at(-1)!.close,
  };
  const need = Math.floor(watch.window * 0.9);
  const touched = last.gap || x.at(-1)!.gap;
  if (n < need || touched) {
    const absence = { reason: touched ? ('gap' as const) : ('warming' as const), have: n, need };
    const absent = Object.fromEntries(metrics.map((name) => [name, absence]));
    return { ...base, state: touched ? 'gap' : 'warming', absent };
  }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const product = (a: readonly number[], b: readonly number[]) => {
    const [am, bm] = [mean(a), mean(b)];
    return a.reduce((sum, value, index) => sum + (value - am) * (b[index]! - bm), 0);
  };
  const steps = (values: readonly number[]) =>
    values.slice(1).map((value, index) => Math.log(value / values[index]!));
  const correlation = (a: readonly number[], b: readonly number[]) =>
    product(a, b) / Math.sqrt(product(a, a) * product(b, b));
  const beta = product(xs, ys) / product(xs, xs);
  const alpha = mean(ys) - beta * mean(xs);
  const residuals = ys.map((value, index) => value - alpha - beta * xs[index]!);
  const squares = product(residuals, residuals);
  const spreadDeviation = Math.sqrt(squares / (n - 1));
  const spread = residuals.at(-1)!;
  const betaError = Math.sqrt(squares / (n - 2) / product(xs, xs));
  return {
    ...base,
    state: beta > 2 * betaError ? 'live' : 'invalid',
    alpha,
    beta,
    alphaError: betaError * mean(xs),
    betaError,
    rSquared: 1 - squares / product(ys, ys),
    spread,
    spreadDeviation,
    z: spread / spreadDeviation,
    returnCorrelation: correlation(steps(ys), steps(xs)),
    priceCorrelation: correlation(ys, xs),
    spreadMean: 0,
  };
}

/** An alert where |z| first reaches 2, and its end where it has come back. */
export function alertsOf(rows: readonly Analytics[]): Alert[] {
  const alerts: Alert[] = [];
  let firing: Alert | undefined;
  for (const row of rows) {
    if (row.z === null) continue;
    const begins = firing === undefined && Math.abs(row.z) >= 2;
    const ends = firing !== undefined && Math.abs(row.z) <= 0.5;
    if (!begins && !ends) continue;
    const transition = begins ? 'firing' : 'resolved';
    const alert: Alert = {
      dataset: 'live',
      id: `divergence:${row.study}:${row.time}:${transition}`,
      rule: 'divergence',
      study: row.study,
      time: row.time,
      transition,
      severity: 'warning',
      direction: firing?.direction ?? (row.z > 0 ? 'SHORT_SPREAD' : 'LONG_SPREAD'),
      z: row.z,
      returnCorrelation: row.returnCorrelation,
      beta: row.beta,
      text: begins
        ? `|z| ${Math.abs(row.z).toFixed(2)} >= 2 for 2 bars; return correlation ${row.returnCorrelation?.toFixed(2)} >= 0.5`
        : `|z| ${Math.abs(row.z).toFixed(2)} <= 0.5`,
      late: false,
      simulated: true,
      instrument: null,
      priceCorrelation: row.priceCorrelation,
      legs: null,
      inputs: { z: row.z, returnCorrelation: row.returnCorrelation },
      inhibited: [],
      labels: [],
      amended: null,
      link: `/?study=${row.study}`,
    };
    alerts.push(alert);
    firing = begins ? alert : undefined;
  }
  return alerts;
}

export function feedOf(
  instrument: string,
  at: number,
  state: FeedStatus['state'] = 'live',
  detail = '',
): FeedStatus {
  const { venue, symbol } = parseInstrument(instrument)!;
  return {
    venue,
    symbol,
    state,
    at,
    detail,
    retryAt: null,
    lastId: '9',
    lastTime: at - 180,
    watermark: at - 200,
    lag: 42,
    counts: {
      frames: 9,
      ticks: 9,
      filtered: 0,
      duplicates: 0,
      malformed: 0,
      refused: 0,
      gaps: 0,
      repaired: 0,
      reconnects: 0,
    },
  };
}
