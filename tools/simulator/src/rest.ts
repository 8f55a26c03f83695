import type { IncomingMessage, ServerResponse } from 'node:http';
import { aggTrades, klines, ticker, trades } from './endpoints.ts';
import { exchangeInfo } from './exchange-info.ts';
import type { Fault } from './fault.ts';
import type { History } from './history.ts';
import { RestError } from './rest-error.ts';
import type { RestView } from './rest-view.ts';
import type { Venue } from './venue.ts';
import { WeightBudget } from './weight.ts';

/** What of REST can be set. */
export interface RestSettings {
  /** Futures' `historicalTrades` wants an `X-MBX-APIKEY`; any non-empty one will do. */
  readonly requireApiKey: boolean;
  /** REST shows a trade this many ms after the sockets do. */
  readonly visibilityLag: number;
  readonly aggTradesWindow: number;
  readonly weightLimit: number;
  /** Refusals with 429 before the ban. */
  readonly banAfter: number;
  readonly banMs: number;
  readonly retryAfter: boolean;
  /** The clock of budgets and bans: those run in the client's time, whatever the exchange's speed. */
  readonly wallClock: () => number;
  /** Added to the clock that `/time` tells. */
  readonly timeSkew: number;
}

type RestFault = Extract<Fault, { kind: 'rest' }>;

/** The REST side of the exchange, over the same history as its sockets. */
export class Rest {
  readonly requests: Record<string, number> = {};
  readonly behind = new Map<string, number>();
  readonly #venue: Venue;
  readonly #history: History;
  readonly #now: () => number;
  readonly #settings: RestSettings;
  readonly #budget: WeightBudget;
  #faults: { fault: RestFault; left: number }[] = [];

  constructor(venue: Venue, history: History, now: () => number, settings: RestSettings) {
    this.#venue = venue;
    this.#history = history;
    this.#now = now;
    this.#settings = settings;
    this.#budget = new WeightBudget(settings.weightLimit, settings.banAfter, settings.banMs);
  }

  get weightUsed(): number {
    return this.#budget.used(this.#settings.wallClock());
  }

  get faults(): Fault[] {
    return this.#faults.map(({ fault }) => fault);
  }

  arm(fault: RestFault): void {
    this.#faults.push({ fault, left: fault.count ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#faults = [];
    this.behind.clear();
  }

  /** Answers a request. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://exchange');
    const { restPrefix, weights } = this.#venue;
    const endpoint = url.pathname.startsWith(restPrefix) ? url.pathname.slice(restPrefix.length) : '';
    const weight = weights[endpoint];
    if (!weight || request.method !== 'GET') {
      send(response, 404, { code: -5000, msg: `Path ${url.pathname}, Method ${request.method} is invalid` });
      return;
    }
    this.requests[endpoint] = (this.requests[endpoint] ?? 0) + 1;
    if (this.#fail(endpoint, request, response)) return;
    if (!this.#book(weight(url.searchParams), response)) return;
    try {
      send(response, 200, await this.#serve(endpoint, url.searchParams, request));
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      send(response, error.status, { code: error.code, msg: error.message });
    }
  }

  async #serve(endpoint: string, query: URLSearchParams, request: IncomingMessage): Promise<unknown> {
    const now = this.#now();
    const view: RestView = {
      venue: this.#venue,
      history: this.#history,
      query,
      now,
      visible: now - this.#settings.visibilityLag,
      behind: (symbol) => this.behind.get(symbol) ?? this.behind.get('*') ?? 0,
      aggTradesWindow: this.#settings.aggTradesWindow,
    };
    switch (endpoint) {
      case 'aggTrades':
        return aggTrades(view);
      case 'trades':
        return trades(view, 'trades');
      case 'historicalTrades':
        this.#checkKey(request);
        return trades(view, 'historicalTrades');
      case 'klines':
        return klines(view);
      case 'ticker/24hr':
        return ticker(view);
      case 'exchangeInfo':
        return exchangeInfo(view);
      case 'time':
        return { serverTime: now + this.#settings.timeSkew };
      default:
        return {};
    }
  }

  #checkKey(request: IncomingMessage): void {
    if (this.#venue.name !== 'binance-usdm' || !this.#settings.requireApiKey) return;
    if (!request.headers['x-mbx-apikey']) throw new RestError(401, -2014, 'API-key format invalid.');
  }

  #book(weight: number, response: ServerResponse): boolean {
    const verdict = this.#budget.take(weight, this.#settings.wallClock());
    response.setHeader('X-MBX-USED-WEIGHT-1M', String(verdict.used));
    if (verdict.status === 200) return true;
    if (this.#settings.retryAfter) response.setHeader('Retry-After', String(verdict.retryAfter));
    send(response, verdict.status, { code: -1003, msg: this.#refusal(verdict.status, verdict.bannedUntil) });
    return false;
  }

  #refusal(status: 429 | 418, until: number): string {
    const limit = this.#settings.weightLimit;
    const advice = 'Please use the websocket for live updates to avoid';
    if (this.#venue.name === 'binance-usdm')
      return status === 429
        ? `Too many requests; current limit is ${limit} requests per minute. ${advice} polling the API.`
        : `Way too many requests; IP(127.0.0.1) banned until ${until}. ${advice} bans.`;
    return status === 429
      ? `Too much request weight used; current limit is ${limit} request weight per 1 MINUTE. ${advice} polling the API.`
      : `Way too much request weight used; IP banned until ${until}. ${advice} bans.`;
  }

  #fail(endpoint: string, request: IncomingMessage, response: ServerResponse): boolean {
    const met = this.#faults.find(({ fault }) => fault.endpoint === undefined || fault.endpoint === endpoint);
    if (!met) return false;
    met.left -= 1;
    if (met.left <= 0) this.#faults = this.#faults.filter((one) => one !== met);
    const { fault } = met;
    if (fault.answer === 'cut') request.socket.destroy();
    else if (fault.answer === 'status')
      sendText(response, fault.status ?? 503, fault.body ?? bodyOf(fault.status ?? 503));
    else if (fault.answer === 'endless') endless(response);
    return true; // `hang`: nothing is ever answered
  }
}

function bodyOf(status: number): string {
  if (status === 403) return '<html><head><title>403 Forbidden</title></head></html>';
  const msg =
    status === 451
      ? "Service unavailable from a restricted location according to 'b. Eligibility' in https://www.binance.com/en/terms. Please contact customer service if you believe you received this message in error."
      : 'Service Unavailable.';
  return JSON.stringify({ code: 0, msg });
}

function endless(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('[');
  const timer = setInterval(() => response.write(' '.repeat(1024)), 10);
  response.on('close', () => clearInterval(timer));
}

function send(response: ServerResponse, status: number, body: unknown): void {
  sendText(response, status, JSON.stringify(body));
}

function sendText(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': body.startsWith('<') ? 'text/html' : 'application/json' });
  response.end(body);
}
