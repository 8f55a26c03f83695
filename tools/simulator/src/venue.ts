/** The two Binance venues that the simulator speaks. */
export type VenueName = 'binance-usdm' | 'binance-spot';

type Query = URLSearchParams;

/** The documented numbers of a venue. */
export interface Venue {
  readonly name: VenueName;
  readonly restPrefix: string;
  /** Incoming control messages a second before the server closes the connection. */
  readonly messagesPerSecond: number;
  /** Spot counts ping and pong frames among the messages. */
  readonly countsPings: boolean;
  readonly pingInterval: number;
  readonly pongTimeout: number;
  readonly weightLimit: number;
  readonly weights: Readonly<Record<string, (query: Query) => number>>;
  readonly limits: Readonly<Record<string, { readonly standard: number; readonly most: number }>>;
  /** Fills of one price and side are merged within this many ms of the exchange's clock. */
  readonly aggregateWindow: number;
}

/** The streams of one connection depend on the path that it came by. */
export type Tier = 'public' | 'market' | 'private' | 'all';

/** What a WebSocket path asks for. */
export interface Route {
  readonly tier: Tier;
  readonly combined: boolean;
  readonly streams: readonly string[];
  readonly microseconds: boolean;
}

const number = (query: Query, name: string, otherwise: number): number =>
  Number(query.get(name) ?? otherwise);

const usdm: Venue = {
  name: 'binance-usdm',
  restPrefix: '/fapi/v1/',
  messagesPerSecond: 10,
  countsPings: false,
  pingInterval: 180_000,
  pongTimeout: 600_000,
  weightLimit: 2400,
  weights: {
    aggTrades: () => 20,
    trades: () => 5,
    historicalTrades: () => 20,
    klines: (query) => {
      const limit = number(query, 'limit', 500);
      return limit < 100 ? 1 : limit < 500 ? 2 : limit <= 1000 ? 5 : 10;
    },
    'ticker/24hr': (query) => (query.has('symbol') ? 1 : 40),
    exchangeInfo: () => 1,
    time: () => 1,
    ping: () => 1,
  },
  limits: {
    aggTrades: { standard: 500, most: 1000 },
    trades: { standard: 500, most: 1000 },
    historicalTrades: { standard: 100, most: 500 },
    klines: { standard: 500, most: 1500 },
  },
  aggregateWindow: 100,
};

const spot: Venue = {
  name: 'binance-spot',
  restPrefix: '/api/v3/',
  messagesPerSecond: 5,
  countsPings: true,
  pingInterval: 20_000,
  pongTimeout: 60_000,
  weightLimit: 6000,
  weights: {
    aggTrades: () => 4,
    trades: () => 25,
    historicalTrades: () => 25,
    klines: () => 2,
    'ticker/24hr': (query) => (query.has('symbol') ? 2 : 80),
    exchangeInfo: () => 20,
    time: () => 1,
    ping: () => 1,
  },
  limits: {
    aggTrades: { standard: 500, most: 1000 },
    trades: { standard: 500, most: 1000 },
    historicalTrades: { standard: 500, most: 1000 },
    klines: { standard: 500, most: 1000 },
  },
  aggregateWindow: 1,
};

/** The venue of this name. */
export function venueOf(name: VenueName): Venue {
  return name === 'binance-usdm' ? usdm : spot;
}

/** What the path of a WebSocket handshake asks for; null if the venue has no such path. */
export function route(venue: Venue, url: URL): Route | null {
  const match = /^(?:\/(public|market|private))?\/(ws|stream)(?:\/(.*))?$/.exec(url.pathname);
  if (!match) return null;
  const [, tier, kind, rest] = match;
  if (tier && venue.name !== 'binance-usdm') return null;
  const combined = kind === 'stream';
  const named = combined ? (url.searchParams.get('streams') ?? '') : decodeURIComponent(rest ?? '');
  return {
    tier: venue.name === 'binance-spot' ? 'all' : ((tier as Tier | undefined) ?? 'public'),
    combined,
    streams: named.split('/').filter((stream) => stream !== ''),
    microseconds:
      venue.name === 'binance-spot' && /^microsecond$/i.test(url.searchParams.get('timeUnit') ?? ''),
  };
}

/** Whether data of this stream flows on a connection of this tier; the wrong tier is silent, not refused. */
export function carries(tier: Tier, stream: string): boolean {
  if (tier === 'all') return true;
  if (tier === 'private') return false;
  const isPublic = /(@trade|@depth[0-9]*(@\d+ms)?|@rpiDepth@500ms|@bookTicker|^!bookTicker)$/.test(stream);
  return isPublic === (tier === 'public');
}
