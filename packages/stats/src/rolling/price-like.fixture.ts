import fc from 'fast-check';

/** Rows of two legs; NaN where one is missing. */
export interface Rows {
  y: Float64Array;
  x: Float64Array;
}

/** What may befall a bar besides its move. */
const event = fc.oneof(
  { weight: 60, arbitrary: fc.constant('none' as const) },
  { weight: 3, arbitrary: fc.constant('gap of y' as const) },
  { weight: 3, arbitrary: fc.constant('gap of x' as const) },
  { weight: 1, arbitrary: fc.constant('y times 1000' as const) },
  { weight: 1, arbitrary: fc.constant('x times 1000' as const) },
  { weight: 1, arbitrary: fc.constant('step of x' as const) },
  { weight: 4, arbitrary: fc.constant('flat for long' as const) },
);

const move = fc.record({
  x: fc.integer({ min: -5, max: 5 }),
  noise: fc.integer({ min: -3, max: 3 }),
  event,
});

/**
 * Two legs of prices in ticks: quiet or flat, with gaps, steps and bad ticks of a thousand times the price. The noise
 * of y about its line goes from ticks (an ordinary pair) over almost nothing (the same coin on two venues) to none.
 */
export const priceLike: fc.Arbitrary<Rows> = fc
  .record({
    moves: fc.array(move, { minLength: 30, maxLength: 160 }),
    level: fc.constantFrom(1, 100, 1e5),
    tick: fc.constantFrom(1e-2, 1e-4),
    beta: fc.constantFrom(0.5, 1.37, -2, 27.6),
    noise: fc.constantFrom(1, 1e-5, 0),
  })
  .map(({ moves, level, tick, beta, noise }) => {
    let price = level;
    let flat = 0;
    const x = new Float64Array(moves.length);
    const y = new Float64Array(moves.length);
    for (const [i, bar] of moves.entries()) {
      if (bar.event === 'flat for long') flat = 25;
      if (bar.event === 'step of x') price += level * bar.x;
      if (flat-- <= 0) price += tick * bar.x;
      x[i] = Math.round(price / tick) * tick;
      const line = 40 * level + beta * price + (flat > 0 ? 0 : noise * tick * bar.noise);
      y[i] = noise === 1 ? Math.round(line / tick) * tick : line;
      if (bar.event === 'y times 1000') y[i] = line * 1000;
      if (bar.event === 'x times 1000') x[i] = price * 1000;
      if (bar.event === 'gap of y') y[i] = Number.NaN;
      if (bar.event === 'gap of x') x[i] = Number.NaN;
    }
    return { y, x };
  });

/** The known rows of the window of `window` rows that ends with row t. */
export function windowAt({ y, x }: Rows, window: number, t: number): { y: number[]; x: number[]; n: number } {
  const known: { y: number[]; x: number[] } = { y: [], x: [] };
  for (let i = Math.max(0, t + 1 - window); i <= t; i++) {
    const a = y[i] as number;
    const b = x[i] as number;
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    known.y.push(a);
    known.x.push(b);
  }
  return { ...known, n: known.y.length };
}

/**
 * A pair at 100,000 in ticks of 0.01, row after row, and the exact centred sums of its newest rows: what doubles hold
 * of such prices are whole multiples of 2^-37.
 */
export class LongStream {
  y = 109_825.75;
  x = 100_000;
  readonly #window: number;
  readonly #rows: [bigint, bigint][] = [];
  #state = 12_345;
  #ticksX = 10_000_000;
  #ticksY = 10_982_575;

  constructor(window: number) {
    this.#window = window;
  }

  /** `remember` keeps the row for the exact sums. */
  next(remember: boolean): void {
    const step = this.#draw();
    this.#ticksX += step;
    this.#ticksY += step + Math.floor(this.#draw() / 4);
    this.x = this.#ticksX / 100;
    this.y = this.#ticksY / 100;
    if (remember) this.#rows.push([BigInt(this.y * 2 ** 37), BigInt(this.x * 2 ** 37)]);
  }

  /** mean of x, Sxx, Sxy, Syy, SSR and last residual of the newest rows, each rounded once. */
  exact(): { meanX: number; sxx: number; sxy: number; syy: number; ssr: number; lastResidual: number } {
    const rows = this.#rows.slice(-this.#window);
    const n = BigInt(rows.length);
    const sum = (of: (row: [bigint, bigint]) => bigint) => rows.reduce((total, row) => total + of(row), 0n);
    const y = sum((row) => row[0]);
    const x = sum((row) => row[1]);
    const sxx = n * sum((row) => row[1] * row[1]) - x * x;
    const sxy = n * sum((row) => row[0] * row[1]) - x * y;
    const syy = n * sum((row) => row[0] * row[0]) - y * y;
    const [lastY, lastX] = rows.at(-1) as [bigint, bigint];
    return {
      meanX: quotient(x, n, 37),
      sxx: quotient(sxx, n, 74),
      sxy: quotient(sxy, n, 74),
      syy: quotient(syy, n, 74),
      ssr: quotient(sxx * syy - sxy * sxy, n * sxx, 74),
      lastResidual: quotient((n * lastY - y) * sxx - (n * lastX - x) * sxy, n * sxx, 37),
    };
  }

  #draw(): number {
    this.#state = (Math.imul(1_664_525, this.#state) + 1_013_904_223) >>> 0;
    return ((this.#state >>> 16) % 201) - 100;
  }
}

/** a / b / 2^bits. */
function quotient(a: bigint, b: bigint, bits: number): number {
  return Number((a << 120n) / b) / 2 ** (120 + bits);
}
