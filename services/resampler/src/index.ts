export type { Accumulator } from './core/accumulator.ts';
export { type Buckets, emptyBuckets, foldTick, foldTicks } from './core/buckets.ts';
export { type LedgerLine, type Resampler, type ResamplerOptions, startResampler } from './service.ts';
