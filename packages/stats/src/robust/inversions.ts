/** Is told of inverted pairs: `left` stood before `right` in the first order and stands behind it in the second. */
export type InversionVisitor = (left: number, right: number) => void;

/**
 * Sorts `ids` by `keys` (both reordered alike, stably) and returns how many pairs changed their order, which for n
 * keys may be n (n - 1) / 2. By merging, O(n log n).
 *
 * With `visit`, it is called for each such pair, or, if `ordinals` are given (ascending), only for those with these
 * numbers, counting from 0 in an order that depends on the keys alone: so inverted pairs can be drawn at random
 * without listing them.
 */
export function sortByKey(
  keys: Float64Array,
  ids: Int32Array,
  visit?: InversionVisitor,
  ordinals?: Float64Array,
): number {
  const n = keys.length;
  let fromKeys = keys;
  let fromIds = ids;
  let toKeys: Float64Array = new Float64Array(n);
  let toIds: Int32Array = new Int32Array(n);
  let count = 0;
  let next = 0;
  for (let width = 1; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      const middle = Math.min(start + width, n);
      const end = Math.min(start + 2 * width, n);
      let left = start;
      let right = middle;
      for (let to = start; to < end; to++) {
        const takeLeft =
          right >= end || (left < middle && (fromKeys[left] as number) <= (fromKeys[right] as number));
        if (!takeLeft && visit !== undefined) {
          const id = fromIds[right] as number;
          if (ordinals === undefined) {
            for (let i = left; i < middle; i++) visit(fromIds[i] as number, id);
          } else {
            for (; next < ordinals.length && (ordinals[next] as number) < count + middle - left; next++) {
              visit(fromIds[left + (ordinals[next] as number) - count] as number, id);
            }
          }
        }
        if (!takeLeft) count += middle - left;
        const taken = takeLeft ? left++ : right++;
        toKeys[to] = fromKeys[taken] as number;
        toIds[to] = fromIds[taken] as number;
      }
    }
    [fromKeys, toKeys] = [toKeys, fromKeys];
    [fromIds, toIds] = [toIds, fromIds];
  }
  if (fromKeys !== keys) {
    keys.set(fromKeys);
    ids.set(fromIds);
  }
  return count;
}
