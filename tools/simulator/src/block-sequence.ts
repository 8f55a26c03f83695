import type { Sequence } from './history.ts';
import type { Block } from './market-block.ts';
import { blockMs } from './market-ids.ts';

/** How the items of one kind lie in blocks. */
export interface BlockItems<Item> {
  blockOf(id: number): number;
  /** The id of a block's first item. */
  first(block: Block): number;
  times(block: Block): Float64Array;
  /** When an item of this time is pushed. */
  event(time: number): number;
  item(block: Block, at: number): Item;
}

/** The items of all blocks as one sequence. */
export function blockSequence<Item>(get: (index: number) => Block, items: BlockItems<Item>): Sequence<Item> {
  const visible = (block: Block, now: number): number =>
    countWhile(items.times(block), (time) => items.event(time) <= now);
  return {
    head(now) {
      const index = Math.floor(now / blockMs);
      const current = get(index);
      const count = visible(current, now);
      if (count > 0) return items.first(current) + count - 1;
      // The last window of the block before may not have been pushed yet.
      const before = get(index - 1);
      return items.first(before) + visible(before, now) - 1;
    },
    idAt(time) {
      const block = get(Math.floor(time / blockMs));
      return items.first(block) + countWhile(items.times(block), (one) => one < time);
    },
    *from(id) {
      let index = items.blockOf(id);
      for (let at = Math.max(0, id - items.first(get(index))); ; index++, at = 0) {
        const block = get(index);
        for (; at < items.times(block).length; at++) yield items.item(block, at);
      }
    },
  };
}

/** The items that were pushed in (after, until]. */
export function* between<Item extends { readonly id: number }>(
  sequence: Sequence<Item>,
  after: number,
  until: number,
): Iterable<Item> {
  const start = sequence.head(after);
  const end = sequence.head(until);
  if (end === null || end === start) return;
  for (const item of sequence.from((start ?? 0) + 1)) {
    if (item.id > end) return;
    yield item;
  }
}

/** How many leading times hold a condition that fails from some time on. */
function countWhile(times: Float64Array, holds: (time: number) => boolean): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(times[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
