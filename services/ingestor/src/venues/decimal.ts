/** Powers of ten that doubles hold exactly, so that one division gives the nearest double of the decimal. */
const powers = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);
const largestMantissa = Number.MAX_SAFE_INTEGER;

/**
 * The number written as a plain decimal in `bytes[start, end)`, equal to `Number(text)`; NaN if it is not one,
 * or too long for this way of reading (the caller then reads it the slow way).
 */
export function decimalAt(bytes: Uint8Array, start: number, end: number): number {
  let mantissa = 0;
  let point = -1;
  for (let index = start; index < end; index++) {
    const byte = bytes[index] as number;
    if (byte === 0x2e && point < 0 && index > start) {
      point = index;
      continue;
    }
    const digit = byte - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    mantissa = mantissa * 10 + digit;
    if (mantissa > largestMantissa) return Number.NaN;
  }
  if (start === end || point === end - 1) return Number.NaN;
  const decimals = point < 0 ? 0 : end - 1 - point;
  return decimals > 22 ? Number.NaN : mantissa / (powers[decimals] as number);
}

/** The number written as a plain decimal, or NaN: `1e5`, ` 1`, `0x1`, `-1` and `` are refused, which `Number` takes. */
export function decimal(text: unknown): number {
  return typeof text === 'string' && /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}
