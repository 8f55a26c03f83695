export * from './expanding-moments.ts';
export * from './rolling-arrays.ts';
export * from './rolling-correlation.ts';
export * from './rolling-deming.ts';
export * from './rolling-moments.ts';
export { correlationFrom, faultOf, RollingOls } from './rolling-ols.ts';
export { SlidingPairSums } from './sliding-pair-sums.ts';
export * from './study-window.ts';
export type { WindowOptions } from './window-options.ts';
