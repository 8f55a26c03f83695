import type { RecordedPrint } from './recorded-event.ts';

/** So many of the newest names are remembered, to know a print that was recorded twice (two connections overlap by seconds). */
const rememberedNames = 20_000;

/**
 * Ids of one instrument. Where the source numbers its prints, those; where it does not, ordinals in the order of arrival, because
 * equal values are separate fills.
 */
export class RecordedIds {
  #numbered: boolean | undefined;
  #next = 1;
  readonly #names = new Set<string>();

  /** The id of a print; null if its own name shows that it is a repetition; a sentence if it cannot be placed among the others. */
  place({ id, name }: RecordedPrint): number | string | null {
    this.#numbered ??= id !== null;
    if (this.#numbered) return id ?? 'it has no numeric id although earlier prints of its instrument have';
    if (name !== null) {
      if (this.#names.has(name)) return null;
      this.#remember(name);
    }
    return id === null
      ? this.#next++
      : 'it has a numeric id although earlier prints of its instrument have none';
  }

  #remember(name: string): void {
    this.#names.add(name);
    if (this.#names.size <= rememberedNames) return;
    const oldest = this.#names.values().next().value;
    if (oldest !== undefined) this.#names.delete(oldest);
  }
}
