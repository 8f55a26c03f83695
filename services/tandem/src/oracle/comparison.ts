import { numberOf, type OracleCase } from './oracle-file.ts';

/** What a method's check says of one case. It throws where the case cannot be computed at all. */
export type Check = (test: OracleCase, compare: Comparison) => void;

/** Collects what differs between our answer and the reference's in one case. */
export class Comparison {
  readonly faults: string[] = [];
  /** Largest relative error of all numbers compared. */
  worst = 0;
  compared = 0;

  /**
   * A number: |found - wanted| / max(|wanted|, scale) must not exceed the tolerance. `scale` is the size below
   * which a difference does not matter more than at that size: 1 for a p-value makes the tolerance absolute.
   * Null and undefined stand for NaN.
   */
  number(
    field: string,
    found: number | null | undefined,
    wanted: unknown,
    tolerance: number,
    scale = 0,
  ): void {
    this.compared++;
    const target = numberOf(wanted);
    const value = found ?? Number.NaN;
    if (Object.is(value, target) || value === target) return;
    if (!Number.isFinite(value) || !Number.isFinite(target)) {
      this.faults.push(`${field}: ${value} should be ${target}`);
      return;
    }
    const error = Math.abs(value - target) / Math.max(Math.abs(target), scale);
    if (error > this.worst) this.worst = error;
    if (!(error <= tolerance)) {
      this.faults.push(
        `${field}: ${value} should be ${target} (off by ${error.toExponential(1)}, ${tolerance} allowed)`,
      );
    }
  }

  /** A list of numbers, member by member. */
  numbers(
    field: string,
    found: ArrayLike<number | null>,
    wanted: unknown,
    tolerance: number,
    scale = 0,
  ): void {
    if (!Array.isArray(wanted)) throw new Error(`${field}: no list is expected here`);
    this.equal(`${field}.length`, found.length, wanted.length);
    for (let i = 0; i < Math.min(found.length, wanted.length); i++) {
      this.number(`${field}[${i}]`, found[i], wanted[i], tolerance, scale);
    }
  }

  /** Something that must be the same: a whole number, a word, a truth. */
  equal(field: string, found: unknown, wanted: unknown): void {
    this.compared++;
    if (!Object.is(found, wanted)) {
      this.faults.push(`${field}: ${JSON.stringify(found)} should be ${JSON.stringify(wanted)}`);
    }
  }
}
