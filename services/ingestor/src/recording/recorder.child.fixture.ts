import { createLog } from '@tandem/runtime';
import { binanceUsdm } from '../venues/binance-usdm.ts';
import { recordFrames } from './record-frames.ts';

const [streamBase = '', file = ''] = process.argv.slice(2);
await recordFrames({
  dialect: binanceUsdm({ stream: 'trade' }),
  streamBase,
  symbols: ['BTCUSDT'],
  file,
  signal: new AbortController().signal,
  log: createLog({ level: 'silent' }),
});
