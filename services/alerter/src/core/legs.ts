import { type Direction, parseInstrument, type Study } from '@tandem/common';
import type { Sample } from './compile-condition.ts';

/** The traded asset's everyday name: BTC of BTCUSDT, BTC-USD or BTC-USDT-SWAP. */
function assetName(instrument: string): string {
  const symbol = parseInstrument(instrument)?.symbol ?? instrument;
  const base = symbol.replace(/[-_]?(SWAP|PERP)$/, '').replace(/[-_]?(USDT|USDC|FDUSD|USD)$/, '');
  return base === '' ? symbol : base;
}

/**
 * Which legs a direction sells and buys, never a bare BUY or SELL: "SELL spread: sell BTC, buy 28.6 ETH per BTC". On the
 * log scale beta is an elasticity, so that prices enter; without them no amount is said.
 */
export function legsText(direction: Direction, study: Pick<Study, 'y' | 'x' | 'scale'>, row: Sample): string {
  const y = assetName(study.y);
  const units = unitsOf(study.scale, row);
  const x = units === undefined ? assetName(study.x) : `${units} ${assetName(study.x)} per ${y}`;
  return direction === 'SHORT_SPREAD'
    ? `SELL spread: sell ${y}, buy ${x}`
    : `BUY spread: buy ${y}, sell ${x}`;
}

function unitsOf(scale: Study['scale'], { beta, yClose, xClose }: Sample): string | undefined {
  if (typeof beta !== 'number') return undefined;
  if (scale === 'price') return significant(beta);
  if (typeof yClose !== 'number' || typeof xClose !== 'number' || xClose === 0) return undefined;
  return significant((beta * yClose) / xClose);
}

function significant(value: number): string {
  return String(Number(value.toPrecision(3)));
}
