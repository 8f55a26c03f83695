/** A 32-bit hash of three numbers: the same everywhere, without state. */
export function hash(seed: number, lane: number, index: number): number {
  let mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(lane + 0x7f4a7c15, 0xc2b2ae35);
  // The index may exceed 32 bits: both halves count.
  mixed ^= Math.imul(index | 0, 0x27d4eb2f) ^ Math.imul(Math.floor(index / 4294967296) | 0, 0x165667b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** A number in [0, 1) that is a function of its arguments. */
export function uniform(seed: number, lane: number, index: number): number {
  return hash(seed, lane, index) / 4294967296;
}

/** A standard normal number that is a function of its arguments. */
export function normal(seed: number, lane: number, index: number): number {
  const first = (hash(seed, lane, index) + 1) / 4294967297;
  const second = hash(seed ^ 0x5bd1e995, lane, index) / 4294967296;
  return Math.sqrt(-2 * Math.log(first)) * Math.cos(2 * Math.PI * second);
}

/** The hash of a text. */
export function hashText(seed: number, text: string): number {
  let mixed = 0x811c9dc5 ^ seed;
  for (let index = 0; index < text.length; index++)
    mixed = Math.imul(mixed ^ text.charCodeAt(index), 0x01000193);
  return hash(seed, mixed >>> 0, text.length);
}

/** A small generator for one block of the market: the next number in [0, 1) at each call. */
export function generator(start: number): () => number {
  let state = start | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
