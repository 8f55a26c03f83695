import type { Series } from '../input-error.ts';
import { armedAt, moveAt, type Position, type ReversionRules } from './reversion-rules.ts';

/** What a backtest runs on: the closes of both legs, and what was known at each close. */
export interface BacktestRows {
  y: Series;
  x: Series;
  /** z-score known at the close of the row, from this and earlier rows only. NaN: not known. */
  z: Series;
  /** Units of x per unit of y, from this and earlier rows only; on log prices the elasticity times y / x. NaN: no entry. */
  beta: Series;
}

/** One round trip. */
export interface Trade {
  /** Rows of entry and exit. */
  entry: number;
  exit: number;
  side: -1 | 1;
  /** The hedge ratio at entry, which it keeps. */
  beta: number;
  bars: number;
  reason: 'exit' | 'stop' | 'time' | 'end';
  /** Of both legs, after the costs of all four fills. */
  profit: number;
}

/** What a run leaves behind, row by row. */
export interface BacktestRun {
  position: Int8Array;
  gross: Float64Array;
  cost: Float64Array;
  net: Float64Array;
  trades: Trade[];
  /** Traded notional. */
  turnover: number;
}

/** What is held while the run goes on. */
interface Book {
  side: Position;
  /** Units of x, against one of y. */
  quantityX: number;
  armed: boolean;
  /** Bars since the entry, and its row. */
  held: number;
  entry: number;
}

/** The machine itself, on rows and rules that have been found sound. O(n). */
export function runRules(
  rows: BacktestRows,
  rules: ReversionRules,
  costBps: number,
  closeAtEnd: boolean,
): BacktestRun {
  const { y, x, z, beta } = rows;
  const n = y.length;
  const [gross, cost, net] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const run: BacktestRun = { position: new Int8Array(n), gross, cost, net, trades: [], turnover: 0 };
  const book: Book = { side: 0, quantityX: 0, armed: true, held: 0, entry: -1 };
  for (let t = 0; t < n; t++) {
    if (book.side !== 0) {
      gross[t] = book.side * changeAt(y, t) + book.quantityX * changeAt(x, t);
      book.held++;
    }
    const score = z[t] as number;
    book.armed = armedAt(book.armed, score, rules);
    if (closeAtEnd && t === n - 1) {
      if (book.side !== 0) leave(run, book, rows, t, 'end', costBps);
    } else {
      const move = moveAt(book.side, book.armed, book.held, score, rules);
      if (move === 'exit' || move === 'stop' || move === 'time') leave(run, book, rows, t, move, costBps);
      // An entry without a hedge ratio is none.
      else if (move !== 'stay' && !Number.isNaN(beta[t])) enter(run, book, rows, t, move, costBps);
    }
    run.position[t] = book.side;
    net[t] = (gross[t] as number) - (cost[t] as number);
  }
  return run;
}

function changeAt(leg: Series, t: number): number {
  return (leg[t] as number) - (leg[t - 1] as number);
}

function enter(
  run: BacktestRun,
  book: Book,
  rows: BacktestRows,
  t: number,
  move: 'enter-short' | 'enter-long',
  costBps: number,
): void {
  book.side = move === 'enter-short' ? -1 : 1;
  book.quantityX = -book.side * (rows.beta[t] as number);
  book.held = 0;
  book.entry = t;
  fill(run, book, rows, t, costBps);
}

function leave(
  run: BacktestRun,
  book: Book,
  rows: BacktestRows,
  t: number,
  reason: Trade['reason'],
  costBps: number,
): void {
  fill(run, book, rows, t, costBps);
  const { entry, side } = book;
  let profit = 0;
  for (let i = entry + 1; i <= t; i++) profit += run.gross[i] as number;
  profit -= (run.cost[t] as number) + (run.cost[entry] as number);
  const beta = rows.beta[entry] as number;
  run.trades.push({ entry, exit: t, side: side as -1 | 1, beta, bars: t - entry, reason, profit });
  book.side = 0;
  book.quantityX = 0;
  if (reason === 'stop' || reason === 'time') book.armed = false;
}

/** The cost of filling both legs, which are held wholly or not at all. */
function fill(run: BacktestRun, book: Book, { y, x }: BacktestRows, t: number, costBps: number): void {
  const notional = (y[t] as number) + Math.abs(book.quantityX) * (x[t] as number);
  run.turnover += notional;
  run.cost[t] = (notional * costBps) / 1e4;
}
