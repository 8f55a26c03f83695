/**
 * Rounds to 15 significant digits: the most that a double always keeps. A venue's amounts are decimals with
 * fewer digits, so this takes away the noise of binary fractions and gives the venue's own decimal back.
 */
export function exact(value: number): number {
  return Number(value.toPrecision(15));
}

/** A running sum and what rounding has lost of it. */
export interface Sum {
  value: number;
  rest: number;
}

/** Adds to a running sum without losing digits (Knuth's two-sum). */
export function addTo(sum: Sum, amount: number): void {
  const next = sum.value + amount;
  const share = next - sum.value;
  sum.rest += sum.value - (next - share) + (amount - share);
  sum.value = next;
}
