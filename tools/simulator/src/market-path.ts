import type { MarketSymbol } from './market-symbols.ts';
import { normal } from './random.ts';

/** After so many seconds (48 days) a path is back at its level: prices stay plausible for ever. */
const period = 2 ** 22;
const pathChunk = 2 ** 10;
/** Long against every half-life: a spread forgets where its chunk's run-up began. */
const spreadChunk = 2 ** 13;
const mostChunks = 400;

/** The logarithm of each instrument's fair price at each second: a function of the seed, reached at random. */
export class MarketPaths {
  readonly #seed: number;
  readonly #symbols: ReadonlyMap<string, { readonly symbol: MarketSymbol; readonly lane: number }>;
  readonly #paths = new Map<string, Float64Array>();

  constructor(seed: number, symbols: readonly MarketSymbol[]) {
    this.#seed = seed;
    this.#symbols = new Map(symbols.map((symbol, lane) => [symbol.symbol, { symbol, lane }]));
    for (const { symbol, follows } of symbols) {
      if (follows && !this.#symbols.has(follows.symbol))
        throw new Error(`${symbol} follows ${follows.symbol}, which is not among the market's symbols`);
    }
  }

  /** The log price of this symbol at this second since the epoch. */
  at(name: string, second: number): number {
    const { symbol } = this.#symbols.get(name)!;
    return Math.log(symbol.price) + this.#deviation(name, second);
  }

  #deviation(name: string, second: number): number {
    const { symbol, lane } = this.#symbols.get(name)!;
    const { follows, volatility } = symbol;
    if (follows) {
      const spread = this.#value(name, second, spreadChunk, (chunk) => this.#spread(lane, follows, chunk));
      return follows.beta * this.#deviation(follows.symbol, second) + spread;
    }
    return this.#value(name, second, pathChunk, (chunk) => this.#walk(lane, volatility, chunk));
  }

  #value(name: string, second: number, size: number, make: (chunk: number) => Float64Array): number {
    const chunk = Math.floor(second / size);
    const key = `${name} ${chunk}`;
    let values = this.#paths.get(key);
    if (!values) {
      if (this.#paths.size >= mostChunks) this.#paths.delete(this.#paths.keys().next().value!);
      values = make(chunk);
      this.#paths.set(key, values);
    }
    return values[second - chunk * size]!;
  }

  /** Brownian motion by Lévy's midpoints: each second is the midpoint of exactly one interval. */
  #walk(lane: number, volatility: number, chunk: number): Float64Array {
    const start = chunk * pathChunk;
    const values = new Float64Array(pathChunk + 1);
    const bend = (low: number, high: number): number =>
      volatility * Math.sqrt((high - low) / 4) * normal(this.#seed, lane, (low + high) / 2);
    let low = Math.floor(start / period) * period;
    let high = low + period;
    let atLow = 0;
    let atHigh = 0;
    while (high - low > pathChunk) {
      const middle = (low + high) / 2;
      const value = (atLow + atHigh) / 2 + bend(low, high);
      if (start < middle) [high, atHigh] = [middle, value];
      else [low, atLow] = [middle, value];
    }
    values[0] = atLow;
    values[pathChunk] = atHigh;
    for (let width = pathChunk; width > 1; width /= 2)
      for (let left = 0; left < pathChunk; left += width)
        values[left + width / 2] =
          (values[left]! + values[left + width]!) / 2 + bend(start + left, start + left + width);
    return values;
  }

  /** A mean-reverting spread, run up over the chunk before so that every chunk can be made alone. */
  #spread(lane: number, follows: NonNullable<MarketSymbol['follows']>, chunk: number): Float64Array {
    const keep = 2 ** (-1 / follows.halfLifeSeconds);
    const shock = follows.deviation * Math.sqrt(1 - keep * keep);
    const values = new Float64Array(spreadChunk);
    const start = chunk * spreadChunk;
    let spread = 0;
    for (let second = start - spreadChunk; second < start + spreadChunk; second++) {
      spread = keep * spread + shock * normal(this.#seed, lane, second);
      if (second >= start) values[second - start] = spread;
    }
    return values;
  }
}
