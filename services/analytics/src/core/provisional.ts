import type { Analytics, LiveStudy, Study } from '@tandem/common';

/**
 * Spread and z at the last prices by the last confirmed fit. Provisional: for screens only, never stored, never
 * alerted on. Null where the fit or a price is not known.
 */
export function provisional(
  study: Pick<Study, 'id' | 'scale'>,
  confirmed: Pick<Analytics, 'alpha' | 'beta' | 'spreadMean' | 'spreadDeviation' | 'z'> | undefined,
  time: number,
  yClose: number | null,
  xClose: number | null,
): LiveStudy {
  const live: LiveStudy = { study: study.id, time, z: null, spread: null, yClose, xClose, provisional: true };
  if (confirmed === undefined || yClose === null || xClose === null) return live;
  const { alpha, beta, spreadMean, spreadDeviation } = confirmed;
  if (alpha === null || beta === null || spreadMean === null || spreadDeviation === null) return live;
  if (confirmed.z === null) return live;
  const scaled = study.scale === 'log' ? Math.log : (price: number) => price;
  const spread = scaled(yClose) - alpha - beta * scaled(xClose);
  const z = (spread - spreadMean) / spreadDeviation;
  return Number.isFinite(z) ? { ...live, spread, z } : live;
}
