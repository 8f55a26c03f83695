import { setImmediate } from 'node:timers/promises';
import { flatBar, foldBars } from './fold.ts';
import type { Bar } from './history.ts';
import type { Block } from './market-block.ts';
import { blockMs } from './market-ids.ts';

const minute = 60_000;
/** Folding goes on in slices of this many ms, so that the sockets do not have to wait for a warm-up. */
const slice = 8;
const mostMinutes = 20_000;

/** Bars of one instrument of the market, folded on demand; whole minutes are kept. */
export class MarketBars {
  readonly #block: (index: number) => Block;
  readonly #units: { readonly price: number; readonly lot: number; readonly depth: number };
  readonly #minutes = new Map<number, Bar>();

  constructor(
    block: (index: number) => Block,
    units: { readonly price: number; readonly lot: number; readonly depth: number },
  ) {
    this.#block = block;
    this.#units = units;
  }

  /** Bars whose open time lies in [from, to], of fills pushed up to `now`. */
  async between(interval: number, from: number, to: number, now: number): Promise<Bar[]> {
    const step = interval < minute ? interval : minute;
    const earliest = Math.max(from, now - this.#units.depth);
    const start = Math.ceil(earliest / interval) * interval;
    const end = Math.min((Math.floor(to / interval) + 1) * interval, now);
    const parts: Bar[] = [];
    let yielded = performance.now();
    for (let time = start; time < end; time += step) {
      const previous = parts.at(-1)?.close ?? null;
      parts.push(step === minute ? this.#minute(time, previous, now) : this.#fold(time, step, previous, now));
      if (performance.now() - yielded < slice) continue;
      await setImmediate();
      yielded = performance.now();
    }
    return foldBars(parts, interval);
  }

  #minute(time: number, previous: number | null, now: number): Bar {
    const known = this.#minutes.get(time);
    if (known) return known;
    const bar = this.#fold(time, minute, previous, now);
    // The last fill of a minute is pushed a moment after its time.
    if (time + minute < now) {
      if (this.#minutes.size >= mostMinutes) this.#minutes.delete(this.#minutes.keys().next().value!);
      this.#minutes.set(time, bar);
    }
    return bar;
  }

  #fold(start: number, length: number, previous: number | null, now: number): Bar {
    const sums = { bar: flatBar(start, 0), volume: 0, quote: 0, buyVolume: 0, buyQuote: 0 };
    const end = Math.min(start + length, now);
    for (let index = Math.floor(start / blockMs); index * blockMs < end; index++)
      add(sums, this.#block(index), start, end);
    const { bar } = sums;
    const { price, lot } = this.#units;
    if (bar.trades === 0) return flatBar(start, previous ?? this.#closeBefore(start));
    const quote = BigInt(price) * BigInt(lot);
    return {
      ...bar,
      open: bar.open * price,
      high: bar.high * price,
      low: bar.low * price,
      close: bar.close * price,
      volume: BigInt(sums.volume) * BigInt(lot),
      quote: BigInt(sums.quote) * quote,
      buyVolume: BigInt(sums.buyVolume) * BigInt(lot),
      buyQuote: BigInt(sums.buyQuote) * quote,
    };
  }

  #closeBefore(time: number): number {
    for (let index = Math.floor(time / blockMs); index >= 0; index--) {
      const { times, prices, kinds } = this.#block(index);
      for (let at = times.length - 1; at >= 0; at--)
        if (kinds[at] === 0 && times[at]! < time) return prices[at]! * this.#units.price;
    }
    return 0;
  }
}

interface Sums {
  readonly bar: Bar;
  volume: number;
  quote: number;
  buyVolume: number;
  buyQuote: number;
}

/** Adds a block's fills of [start, end) in ticks and lots: products and sums stay exact in doubles. */
function add(sums: Sums, { times, prices, lots, sells, kinds }: Block, start: number, end: number): void {
  const { bar } = sums;
  for (let at = 0; at < times.length; at++) {
    const time = times[at]!;
    if (time >= end) return;
    if (time < start || kinds[at] !== 0) continue;
    const price = prices[at]!;
    const quantity = lots[at]!;
    if (bar.trades === 0) {
      bar.open = price;
      bar.high = price;
      bar.low = price;
    } else if (price > bar.high) bar.high = price;
    else if (price < bar.low) bar.low = price;
    bar.close = price;
    bar.trades += 1;
    sums.volume += quantity;
    sums.quote += quantity * price;
    if (sells[at] !== 0) continue;
    sums.buyVolume += quantity;
    sums.buyQuote += quantity * price;
  }
}
