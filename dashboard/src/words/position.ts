import type { Alert, Analytics, Study } from '@tandem/common';

export type Direction = Alert['direction'];

/**
 * The row whose entry the newest row still speaks of (HOLD, EXIT or STOP), or undefined if these rows do not show it.
 * Across a hole nothing is concluded: another exit and another entry may lie in it.
 */
export function entryOf(rows: readonly Analytics[], interval: number): Analytics | undefined {
  const last = rows.at(-1);
  if (last === undefined || !['HOLD', 'EXIT', 'STOP'].includes(last.signal ?? '')) return undefined;
  for (let index = rows.length - 2; index >= 0; index -= 1) {
    const row = rows[index]!;
    if (rows[index + 1]!.time - row.time > interval) return undefined;
    if (row.signal === 'SHORT_SPREAD' || row.signal === 'LONG_SPREAD') return row;
    if (row.signal !== 'HOLD') return undefined;
  }
  return undefined;
}

/** Which side of the spread a row's signal is about, as far as its z tells: a short is held only above the exit. */
export function sideOf(
  row: Pick<Analytics, 'signal' | 'z'>,
  { exit }: Pick<Study['thresholds'], 'exit'>,
): Direction | undefined {
  const { signal, z } = row;
  if (signal === 'SHORT_SPREAD' || signal === 'LONG_SPREAD') return signal;
  if (z === null) return undefined;
  const edge = Math.abs(exit);
  if (signal === 'STOP') return z > 0 ? 'SHORT_SPREAD' : 'LONG_SPREAD';
  // Held beyond the exit on its own side; left on the other side of it.
  if (signal === 'HOLD') return z > edge ? 'SHORT_SPREAD' : z < -edge ? 'LONG_SPREAD' : undefined;
  if (signal === 'EXIT') return z > edge ? 'LONG_SPREAD' : z < -edge ? 'SHORT_SPREAD' : undefined;
  return undefined;
}
