/** What stands where a number is not known. Never 0, never NaN. */
export const unknown = '–';

/** A number with as many decimals as asked, or a dash; a true minus sign, grouped thousands. */
export function fixed(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return unknown;
  const text = value.toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return (/^-[0.,]+$/.test(text) ? text.slice(1) : text).replace('-', '−');
}

/**
 * A number of any size with about `digits` significant digits, for prices and spreads: with at most so many
 * decimals, and where fewer than three digits would be left of it, as a power of ten. Never 0 for what is not.
 */
export function significant(value: number | null | undefined, digits: number, decimals = 8): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return unknown;
  if (value === 0) return '0';
  const wanted = digits - 1 - Math.floor(Math.log10(Math.abs(value)));
  if (wanted > decimals && digits - (wanted - decimals) < 3)
    return value.toExponential(Math.min(digits, 4) - 1).replaceAll('-', '−');
  return fixed(value, Math.min(decimals, Math.max(0, wanted)));
}

/** A p-value: three decimals, and beyond them which side it is on, for a p is never exactly 0 or 1. */
export function probability(p: number | null | undefined): string {
  if (p === null || p === undefined || !Number.isFinite(p)) return unknown;
  if (p < 0.0005) return '<0.001';
  return p > 0.9995 ? '>0.999' : fixed(p, 3);
}

/** A number of bars, with a decimal where there are few. */
export function barCount(bars: number | null | undefined): string {
  return fixed(bars, bars !== null && bars !== undefined && Math.abs(bars) < 100 ? 1 : 0);
}

/** A length of time in its largest sensible unit: "3 s", "12 min", "2.5 h". */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return unknown;
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return `${minutes} min`;
  const hours = minutes / 60;
  return hours < 48 ? `${Number(hours.toFixed(hours < 10 ? 1 : 0))} h` : `${Math.round(hours / 24)} days`;
}

/** Time of day, UTC. */
export function clock(time: number): string {
  return new Date(time).toISOString().slice(11, 19);
}

/** Day and time, UTC. */
export function moment(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}
