import type { Spread } from './spread.ts';

/** A table for a terminal: names to the left, numbers to the right, all columns as wide as their widest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => width(line[column]))));
  const text = lines.map((line) =>
    widths
      .map((wide, column) => {
        const cell = line[column] ?? '';
        const space = ' '.repeat(wide - width(cell));
        return column === 0 ? cell + space : space + cell;
      })
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map((wide) => '─'.repeat(wide)).join('──');
  return [text[0], rule, ...text.slice(1)].join('\n');
}

/** A number with three digits that matter, and thousands apart; a dash if it is unknown. */
export function number(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size >= 1e9) return `${number(value / 1e9)} G`;
  if (size >= 1e6) return `${number(value / 1e6)} M`;
  if (size >= 100) return Math.round(value).toLocaleString('en-US');
  return size === 0 ? '0' : value.toFixed(Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(size)))));
}

/** The middle of several rounds with the lowest and the highest of them. */
export function spread({ median, min, max }: Spread, unit = ''): string {
  return `${number(median)}${unit} [${number(min)}–${number(max)}]`;
}

/** A duration in seconds, in the unit that suits it. */
export function duration(seconds: number): string {
  const { unit, size } = unitOf(seconds);
  return `${number(seconds / size)} ${unit}`;
}

/** The middle one of several durations with the shortest and the longest, in the unit that suits the middle. */
export function durations({ median, min, max }: Spread): string {
  const { unit, size } = unitOf(median);
  return spread({ median: median / size, min: min / size, max: max / size }, ` ${unit}`);
}

const second = { unit: 's', size: 1 };
const units = [{ unit: 'ns', size: 1e-9 }, { unit: 'µs', size: 1e-6 }, { unit: 'ms', size: 1e-3 }, second];

function unitOf(seconds: number): { readonly unit: string; readonly size: number } {
  return units.find(({ size }) => seconds < 999.5 * size) ?? second;
}

function width(cell: string | undefined): number {
  return [...(cell ?? '')].length;
}
