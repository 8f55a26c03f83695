/**
 * A text as `escaping` writes it, with no more than `length` UTF-16 units: what is too long ends in "…", never within an
 * escaped letter.
 */
export function cut(text: string, length: number, escaping: (letter: string) => string): string {
  const whole = escaping(text);
  if (whole.length <= length) return whole;
  let kept = '';
  for (const letter of text) {
    const next = escaping(letter);
    if (kept.length + next.length > length - 1) break;
    kept += next;
  }
  return `${kept}…`;
}

/** A list in parts of at most so many. */
export function inParts<Item>(items: readonly Item[], most: number): Item[][] {
  const parts: Item[][] = [];
  for (let from = 0; from < items.length; from += most) parts.push(items.slice(from, from + most));
  return parts;
}
