import type { Study } from '@tandem/common';
import type { Detail } from '../state/model.ts';
import type { Tile } from '../state/tile.ts';
import { clock, fixed, significant } from './format.ts';
import { inhibitionWords } from './inhibitions.ts';
import { assetName } from './legs.ts';

export interface Captions {
  readonly prices: string;
  readonly spread: string;
  readonly z: string;
  readonly correlation: string;
  readonly beta: string;
}

/** One line of text per chart: its last value and its state, for whoever cannot see it. */
export function captionsOf(study: Study, detail: Detail, tile: Tile, missingStretches: number): Captions {
  const row = detail.rows.at(-1);
  const at = row === undefined ? '' : `, bar of ${clock(row.time)} UTC`;
  const state = `${tile.text}${missingStretches > 0 ? `; ${missingStretches} missing stretch${missingStretches > 1 ? 'es' : ''} shaded` : ''}`;
  const y = `${assetName(study.y)} ${significant(detail.y.at(-1)?.close, 6)}`;
  const x = `${assetName(study.x)} ${significant(detail.x.at(-1)?.close, 6)}`;
  if (detail.fault !== undefined) {
    const text = `History is missing: ${detail.fault}`;
    return { prices: text, spread: text, z: text, correlation: text, beta: text };
  }
  const inhibited = inhibitionWords(row?.inhibitions);
  const noEntry = inhibited === undefined ? '' : ` No entry: ${inhibited}.`;
  const error =
    row?.beta != null && row.betaError === null
      ? `, without an error by ${study.method.toUpperCase()}`
      : ` ± ${significant(row?.betaError, 2)}`;
  return {
    prices: `Last close: ${y}, ${x}. ${state}.`,
    spread: `Spread ${significant(row?.spread, 4)}, mean ${mean(row?.spreadMean, row?.spreadDeviation)}, σ ${significant(row?.spreadDeviation, 4)}${at}. ${state}.${noEntry}`,
    z: `z ${fixed(row?.z, 2)}${at}; entry ${fixed(study.thresholds.longEntry, 1)} and ${fixed(study.thresholds.shortEntry, 1)}. ${state}.${noEntry}`,
    correlation: `Returns ${fixed(row?.returnCorrelation, 2)}, prices ${fixed(row?.priceCorrelation, 2)}${at}. ${state}.`,
    beta: `β ${significant(row?.beta, 4)}${error}${at}. ${state}.${noEntry}`,
  };
}

/** A mean of rounding noise is 0. */
function mean(value: number | null | undefined, deviation: number | null | undefined): string {
  const noise = Math.abs(value ?? 0) < (deviation ?? 0) * 1e-6;
  return significant(noise && value !== null && value !== undefined ? 0 : value, 4);
}
