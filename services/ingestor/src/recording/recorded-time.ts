/** Numbers below this are neither seconds nor anything finer since 1973: no trade was recorded then. */
const smallest = 1e8;

/** A time in s, ms, µs or ns since the epoch, told by its size, as ms with fraction; NaN if it is none. */
export function epochMs(value: number): number {
  if (!(value >= smallest) || value >= 1e20) return Number.NaN;
  if (value < 1e11) return value * 1e3;
  if (value < 1e14) return value;
  return value < 1e17 ? value / 1e3 : value / 1e6;
}

const iso = /^(\d{4}-\d\d-(\d\d))[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?$/;

/** A recorded time as whole ms: ISO (UTC unless it says otherwise) or a number as above; NaN if it is neither. */
export function recordedTime(value: unknown): number {
  if (typeof value === 'number') return Math.floor(epochMs(value));
  if (typeof value !== 'string') return Number.NaN;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.floor(epochMs(Number(value)));
  const parts = iso.exec(value);
  if (parts === null) return Number.NaN;
  // The 30th of February would otherwise be read as the 2nd of March.
  const day = Date.parse(`${parts[1]}T00:00:00Z`);
  if (Number.isNaN(day) || new Date(day).getUTCDate() !== Number(parts[2])) return Number.NaN;
  return Math.floor(Date.parse(`${parts[1]}T${parts[3]}${parts[4] ?? 'Z'}`));
}
