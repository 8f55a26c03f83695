import type { Contender } from '../compare.ts';

/** How another library does the same work. */
export interface Rival {
  readonly name: string;
  /** What `peers.py` calls it. */
  readonly peer: string;
  /** Pieces of work in one pass of it. */
  readonly items: number;
  /** What it must find, by ours. */
  numbers(): number[];
  /** Ours should be at least so many times as fast. */
  readonly aim?: number;
}

/** One piece of work, as ours and as others do it. */
export interface Contest {
  readonly work: string;
  readonly ours: Contender;
  /** Pieces of work in one pass of ours. */
  readonly items: number;
  /** Ours should take at most so long, s. */
  readonly aim?: number;
  readonly rivals: readonly Rival[];
}
