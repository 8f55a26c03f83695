/** The nearest whole number, a half going to the even neighbour, as IEEE 754 and numpy have it and Math.round does not. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
