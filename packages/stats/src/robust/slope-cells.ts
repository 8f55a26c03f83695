/** Cells that divide the interval. */
const CELLS = 256;
const NONE = -1;

/**
 * The slopes of an interval [low, high), in cells of equal width, each an unordered list with a count.
 *
 * Slopes that go are only discounted at once. From the lists they are struck off when a cell is read or room is
 * needed: the number of the older of a slope's two rows tells.
 */
export class SlopeCells {
  low = 0;
  high = 0;
  /** Rows before this one have gone, and their slopes with them. */
  oldest = 0;
  /** Where the last search ended. */
  cell = 0;
  place = 0;
  #cellsPerUnit = 0;
  readonly #counts = new Int32Array(CELLS);
  readonly #heads = new Int32Array(CELLS).fill(NONE);
  /** The lists' entries: slope, number of its older row, next entry. */
  #slopes: Float64Array;
  #rows: Float64Array;
  #nexts: Int32Array;
  #free = NONE;

  /** With room for `size` slopes to begin with. */
  constructor(size: number) {
    this.#slopes = new Float64Array(size);
    this.#rows = new Float64Array(size);
    this.#nexts = new Int32Array(size);
  }

  /** Slopes in the cell that the last search ended in. */
  get count(): number {
    return this.#counts[this.cell] as number;
  }

  /** Empties all cells and lays them over another interval; an infinite one is one cell. */
  clear(low: number, high: number): void {
    this.low = low;
    this.high = high;
    this.#cellsPerUnit = CELLS / (high - low);
    this.#counts.fill(0);
    this.#heads.fill(NONE);
    this.#free = NONE;
    this.#release(0);
  }

  /** Takes in a slope of the interval. */
  insert(slope: number, row: number): void {
    if (this.#free === NONE) this.#makeRoom();
    const entry = this.#free;
    const cell = this.#cellOf(slope);
    this.#free = this.#nexts[entry] as number;
    this.#slopes[entry] = slope;
    this.#rows[entry] = row;
    this.#nexts[entry] = this.#heads[cell] as number;
    this.#heads[cell] = entry;
    this.#counts[cell]!++;
  }

  /** Counts a slope out whose older row goes. */
  discount(slope: number): void {
    this.#counts[this.#cellOf(slope)]!--;
  }

  /** Finds the cell of the slope that has `rank` others of the interval below it; false if there is none. */
  find(rank: number): boolean {
    let place = rank;
    let cell = 0;
    while (cell < CELLS && place >= (this.#counts[cell] as number)) place -= this.#counts[cell++] as number;
    this.cell = cell;
    this.place = place;
    return place >= 0 && cell < CELLS;
  }

  /** Copies the slopes of the cell found last, which are `count`. */
  readInto(target: Float64Array): void {
    const count = this.#strikeOff(this.cell, target);
    if (count !== this.count) throw new Error(`SlopeCells: a cell lists ${count} slopes of ${this.count}`);
  }

  #cellOf(slope: number): number {
    // Rounding keeps the order, so a slope in a lower cell is never the larger.
    const cell = ((slope - this.low) * this.#cellsPerUnit) | 0;
    return cell < CELLS ? cell : CELLS - 1;
  }

  /** Strikes a cell's slopes off that have gone, copies the others to `kept` if it is given, and counts these. */
  #strikeOff(cell: number, kept?: Float64Array): number {
    let count = 0;
    let last = NONE;
    for (let entry = this.#heads[cell] as number; entry !== NONE; ) {
      const next = this.#nexts[entry] as number;
      if ((this.#rows[entry] as number) < this.oldest) {
        if (last === NONE) this.#heads[cell] = next;
        else this.#nexts[last] = next;
        this.#nexts[entry] = this.#free;
        this.#free = entry;
      } else {
        if (kept !== undefined) kept[count] = this.#slopes[entry] as number;
        count++;
        last = entry;
      }
      entry = next;
    }
    return count;
  }

  /** Strikes all off that have gone, and doubles the room if that frees little. */
  #makeRoom(): void {
    const size = this.#slopes.length;
    let held = 0;
    for (let cell = 0; cell < CELLS; cell++) held += this.#strikeOff(cell);
    if (held <= 0.75 * size) return;
    const { slopes, rows, nexts } = { slopes: this.#slopes, rows: this.#rows, nexts: this.#nexts };
    this.#slopes = new Float64Array(2 * size);
    this.#rows = new Float64Array(2 * size);
    this.#nexts = new Int32Array(2 * size);
    this.#slopes.set(slopes);
    this.#rows.set(rows);
    this.#nexts.set(nexts);
    this.#release(size);
  }

  /** Makes all entries from this one on free. */
  #release(from: number): void {
    for (let entry = this.#nexts.length - 1; entry >= from; entry--) {
      this.#nexts[entry] = this.#free;
      this.#free = entry;
    }
  }
}
