/** When an aggregate goes out: when its window has passed; at once where a taker order is the window. */
export function pushTime(lastFill: number, window: number): number {
  return window === 1 ? lastFill + 1 : (Math.floor(lastFill / window) + 1) * window + 4;
}
