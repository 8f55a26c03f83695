import type { QualityParts } from '@tandem/common';
import { fixed } from './format.ts';

const names: Record<keyof QualityParts, string> = {
  cointegration: 'cointegration',
  halfLife: 'half-life',
  correlation: 'return correlation',
  stability: 'steadiness of β',
  reversion: 'variance ratio',
  cost: 'cost',
};

/** The parts of a score as a line of its definition, each from 0 to 1; nothing where none is known. */
export function partsWords(parts: QualityParts | null | undefined): string {
  if (parts === null || parts === undefined) return '';
  const each = Object.entries(names).map(
    ([part, name]) => `${name} ${fixed(parts[part as keyof QualityParts], 2)}`,
  );
  return `\nNow, each of 1: ${each.join(', ')}.`;
}
