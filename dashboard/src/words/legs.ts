import { parseInstrument, type Study } from '@tandem/common';

/** The traded asset's everyday name: BTC of BTCUSDT, BTC-USD or BTC-USDT-SWAP. */
export function assetName(instrument: string): string {
  const symbol = parseInstrument(instrument)?.symbol ?? instrument;
  const base = symbol.replace(/[-_]?(SWAP|PERP)$/, '').replace(/[-_]?(USDT|USDC|FDUSD|USD)$/, '');
  return base === '' ? symbol : base;
}

/** "BTC – ETH" */
export function pairName(study: Pick<Study, 'y' | 'x'>): string {
  return `${assetName(study.y)} – ${assetName(study.x)}`;
}
