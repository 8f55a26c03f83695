/** What this browser remembers of its user. */
export type Remembered = 'person' | 'notify' | 'sound';

/** A browser may forbid it: then nothing is remembered. */
export function recall(what: Remembered): string {
  try {
    return localStorage.getItem(`tandem.${what}`) ?? '';
  } catch {
    return '';
  }
}

export function remember(what: Remembered, value: string): void {
  try {
    localStorage.setItem(`tandem.${what}`, value);
  } catch {
    // Asked for again next time.
  }
}
