/** Two ways of computing the same numbers may differ by this much of them; below 1 in themselves. */
const tolerance = 1e-6;

/**
 * The largest difference between numbers that should be the same, as a part of them (of 1 where they are smaller).
 * Throws where it is more than a millionth, or where the one has other numbers than the other: the speeds of
 * different answers are not to be compared.
 */
export function agreement(what: string, ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length === 0 || ours.length !== theirs.length)
    throw new Error(`${what}: ${ours.length} numbers stand against ${theirs.length}`);
  let largest = 0;
  for (let index = 0; index < ours.length; index += 1) {
    const [own, other] = [ours[index]!, theirs[index]!];
    const difference = Math.abs(own - other) / Math.max(1, Math.abs(own), Math.abs(other));
    if (!(difference <= tolerance)) throw new Error(`${what}: number ${index} is ${own} against ${other}`);
    largest = Math.max(largest, difference);
  }
  return largest;
}
