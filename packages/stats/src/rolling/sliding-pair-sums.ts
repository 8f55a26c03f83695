import { grainOf, isWorn } from './sliding-sums.ts';
import { infiniteRow } from './window-options.ts';

/**
 * Means, centred sums of squares and products, slope and residual sum of squares of the newest `window` rows of two
 * series, O(1) a row and without drift.
 *
 * What `SlidingSums` does for one series, with a residual sum of squares that does not cancel: instead of y, the
 * sums hold r = (y - Ky) - b (x - Kx), b being the slope when they were last made anew. The slope is then
 * b + Sxr / Sxx, and SSR = Srr - Sxr^2 / Sxx, where the second term is small however near R2 is to 1. A b that has
 * gone stale shows (Srr stands far above SSR), and counts as wear.
 *
 * A row of which either member is NaN takes its place in the window and is left out.
 */
export class SlidingPairSums {
  /** Known rows in the window. */
  n = 0;
  /** NaN before `least` rows are known, as all numbers here. */
  meanY = Number.NaN;
  meanX = Number.NaN;
  /** sum (x - meanX)^2, and so on. */
  sxx = Number.NaN;
  sxy = Number.NaN;
  syy = Number.NaN;
  /** Least squares slope of y on x; NaN where x is constant, as all that follows from it. */
  slope = Number.NaN;
  /** Sum of squared residuals about that line. */
  ssr = Number.NaN;
  /** Residual of the newest row; NaN if that row is missing. */
  lastResidual = Number.NaN;
  /** x - meanX of the newest row; NaN if that row is missing. */
  lastDeviationX = Number.NaN;
  /** Residual deviation up to which residuals are only the rounding of the inputs. */
  noise = Number.NaN;
  constantY = false;
  constantX = false;
  /** Index of the row to be pushed next. */
  index: number;
  /** How often the sums have been made anew. */
  rebuilds = 0;
  readonly #method: string;
  readonly #least: number;
  readonly #period: number;
  readonly #ys: Float64Array;
  readonly #xs: Float64Array;
  #slot: number;
  /** Rows until the index that the period divides. */
  #due: number;
  #originY = Number.NaN;
  #originX = Number.NaN;
  #tilt = Number.NaN;
  #sx = Number.NaN;
  #sr = Number.NaN;
  #sxx = Number.NaN;
  #sxr = Number.NaN;
  #srr = Number.NaN;
  #peakX = Number.NaN;
  #peakR = Number.NaN;
  #lastY = Number.NaN;
  #lastX = Number.NaN;
  /** Known rows, up to the newest, that have the newest value. */
  #runY = 0;
  #runX = 0;

  /** `period`: the sums are made anew at every index that it divides; the window unless said otherwise. */
  constructor(method: string, window: number, first: number, least: number, period: number = window) {
    this.#method = method;
    this.#least = least;
    this.#period = period;
    this.#ys = new Float64Array(window).fill(Number.NaN);
    this.#xs = new Float64Array(window).fill(Number.NaN);
    this.index = first;
    this.#slot = first % window;
    this.#due = (period - (first % period)) % period;
    this.#clear();
  }

  /** False where values near the largest float make the sums overflow. */
  get finite(): boolean {
    return Number.isFinite(this.sxx + this.syy + this.sxy + this.meanX * this.meanX);
  }

  /** Takes the next row; NaN for what is missing. Raises `NonFinite`, and then has not taken it. */
  push(y: number, x: number): void {
    const known = Number.isFinite(y) && Number.isFinite(x);
    if (!known && (Math.abs(y) === Infinity || Math.abs(x) === Infinity)) {
      infiniteRow(this.#method, this.index);
    }
    this.#slide(known ? y : Number.NaN, known ? x : Number.NaN);
    if (this.n < this.#least) {
      this.constantY = this.constantX = false;
      this.meanY = this.meanX = this.sxx = this.sxy = this.syy = Number.NaN;
      this.slope = this.ssr = this.noise = this.lastResidual = this.lastDeviationX = Number.NaN;
      return;
    }
    this.constantY = this.#runY >= this.n;
    this.constantX = this.#runX >= this.n;
    this.#settle();
    if (this.#isWorn()) {
      this.#rebuild();
      this.#settle();
    }
    if (!known) this.lastResidual = this.lastDeviationX = Number.NaN;
  }

  /** Lets the row in, and the oldest out. */
  #slide(y: number, x: number): void {
    const slot = this.#slot;
    const oldY = this.#ys[slot] as number;
    const oldX = this.#xs[slot] as number;
    this.#ys[slot] = y;
    this.#xs[slot] = x;
    this.#slot = slot + 1 === this.#xs.length ? 0 : slot + 1;
    this.index++;
    let goneX = 0;
    let goneR = 0;
    let x0 = 0;
    let r0 = 0;
    if (!Number.isNaN(oldX)) {
      goneX = oldX - this.#originX;
      goneR = oldY - this.#originY - this.#tilt * goneX;
      this.n--;
    }
    if (!Number.isNaN(x)) {
      x0 = x - this.#originX;
      r0 = y - this.#originY - this.#tilt * x0;
      this.n++;
      this.#runY = y === this.#lastY ? this.#runY + 1 : 1;
      this.#runX = x === this.#lastX ? this.#runX + 1 : 1;
      this.#lastY = y;
      this.#lastX = x;
    }
    const due = this.#due === 0;
    this.#due = (due ? this.#period : this.#due) - 1;
    // Without an origin yet, the first known row has no distance from it.
    if (due || Number.isNaN(x0)) {
      this.#rebuild();
      return;
    }
    this.#sx += x0 - goneX;
    this.#sr += r0 - goneR;
    this.#sxx += x0 * x0 - goneX * goneX;
    this.#sxr += x0 * r0 - goneX * goneR;
    this.#srr += r0 * r0 - goneR * goneR;
    if (!(this.#sxx <= this.#peakX)) this.#peakX = this.#sxx;
    if (!(this.#srr <= this.#peakR)) this.#peakR = this.#srr;
  }

  /** Reads the answers off the sums. */
  #settle(): void {
    const n = this.n;
    const tilt = this.#tilt;
    const restX = this.#sx / n;
    const restR = this.#sr / n;
    const sxx = this.#sxx - this.#sx * restX;
    const sxr = this.#sxr - this.#sx * restR;
    const srr = this.#srr - this.#sr * restR;
    const turn = sxr / sxx;
    this.meanX = this.constantX ? this.#lastX : this.#originX + restX;
    this.meanY = this.constantY ? this.#lastY : this.#originY + restR + tilt * restX;
    if (this.constantX) {
      this.sxx = this.sxy = 0;
      this.syy = this.slope = this.ssr = this.noise = this.lastResidual = Number.NaN;
      this.lastDeviationX = 0;
      return;
    }
    this.sxx = sxx;
    const x0 = this.#lastX - this.#originX;
    this.lastDeviationX = x0 - restX;
    if (this.constantY) {
      this.sxy = this.syy = this.slope = this.ssr = this.noise = this.lastResidual = 0;
      return;
    }
    const r0 = this.#lastY - this.#originY - tilt * x0;
    this.sxy = sxr + tilt * sxx;
    this.syy = srr + tilt * (2 * sxr + tilt * sxx);
    this.slope = tilt + turn;
    this.ssr = Math.max(0, srr - turn * sxr);
    this.lastResidual = r0 - restR - turn * this.lastDeviationX;
    // Inputs are themselves rounded at about half an epsilon of their level.
    this.noise = grainOf(
      Math.max(Math.abs(this.meanY), Math.abs(this.slope * this.meanX), Math.sqrt(this.syy / n)),
    );
  }

  #isWorn(): boolean {
    if (this.constantX) return false;
    if (isWorn(this.#peakX, this.sxx, this.n, grainOf(this.meanX))) return true;
    return !this.constantY && isWorn(this.#peakR, this.ssr, this.n, this.noise);
  }

  #clear(): void {
    this.#originY = this.#originX = Number.NaN;
    this.#tilt = 0;
    this.#sx = this.#sr = this.#sxx = this.#sxr = this.#srr = 0;
    this.#peakX = this.#peakR = 0;
  }

  /** Makes the sums anew, in the order of the ring, which the index fixes. */
  #rebuild(): void {
    const ys = this.#ys;
    const xs = this.#xs;
    const { length } = xs;
    const n = this.n;
    this.rebuilds++;
    if (n === 0) {
      this.#clear();
      return;
    }
    let sx = 0;
    let sy = 0;
    for (let i = 0; i < length; i++) {
      const x = xs[i] as number;
      if (Number.isNaN(x)) continue;
      sx += x;
      sy += ys[i] as number;
    }
    const roughX = sx / n;
    const roughY = sy / n;
    sx = sy = 0;
    let sxx = 0;
    let sxy = 0;
    for (let i = 0; i < length; i++) {
      const x = xs[i] as number;
      if (Number.isNaN(x)) continue;
      const p = x - roughX;
      const q = (ys[i] as number) - roughY;
      sx += p;
      sy += q;
      sxx += p * p;
      sxy += p * q;
    }
    const originX = roughX + sx / n;
    const originY = roughY + sy / n;
    const slope = (sxy - (sx * sy) / n) / (sxx - (sx * sx) / n);
    const tilt = Number.isFinite(slope) && this.#runX < n ? slope : 0;
    sx = sxx = 0;
    let sr = 0;
    let sxr = 0;
    let srr = 0;
    for (let i = 0; i < length; i++) {
      const x = xs[i] as number;
      if (Number.isNaN(x)) continue;
      const p = x - originX;
      const r = (ys[i] as number) - originY - tilt * p;
      sx += p;
      sr += r;
      sxx += p * p;
      sxr += p * r;
      srr += r * r;
    }
    this.#originX = originX;
    this.#originY = originY;
    this.#tilt = tilt;
    this.#sx = sx;
    this.#sr = sr;
    this.#sxx = sxx;
    this.#sxr = sxr;
    this.#srr = srr;
    this.#peakX = sxx;
    this.#peakR = srr;
  }
}
