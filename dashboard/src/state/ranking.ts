import type { Analytics, Study } from '@tandem/common';
import type { Tile, TileKind } from './tile.ts';

export interface RankedStudy {
  readonly study: Study;
  readonly row: Analytics | undefined;
  readonly tile: Tile;
}

const order: Record<TileKind, number> = { live: 1, warming: 2, gap: 3, stale: 4, off: 5 };

/** How far a study is from being one to act on: 0 is valid. */
export function rankOf(tile: Tile): number {
  return tile.valid ? 0 : order[tile.kind];
}

/** Valid studies by |z|, greatest first; then the others by how much is known of them, by |z| again: losing the connection moves no row. */
export function ranked(studies: readonly RankedStudy[]): RankedStudy[] {
  const size = (one: RankedStudy) => Math.abs(one.row?.z ?? 0);
  return [...studies].sort(
    (a, b) => rankOf(a.tile) - rankOf(b.tile) || size(b) - size(a) || a.study.id.localeCompare(b.study.id),
  );
}

/** Studies whose id or legs contain every word of the search. */
export function found(studies: readonly RankedStudy[], search: string): RankedStudy[] {
  const words = search
    .toLowerCase()
    .split(/[\s–-]+/)
    .filter((word) => word !== '');
  return studies.filter(({ study }) => {
    const text = `${study.id} ${study.y} ${study.x}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
