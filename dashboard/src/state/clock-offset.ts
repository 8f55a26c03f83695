/**
 * The server's clock minus the page's, ms, as far as a word of the server tells. It may have waited on a slow line or in
 * a page that slept: taken at its face, everything would look as fresh as it was when the word was said.
 */
export function offsetHeard(offset: number, at: number, received: number): number {
  return Math.max(offset, at - received);
}

/** After an answer: its time lies between the question and its arrival, so an offset out of these bounds is mended. */
export function offsetAnswered(offset: number, at: number, asked: number, received: number): number {
  return Math.min(offsetHeard(offset, at, received), at - asked);
}
