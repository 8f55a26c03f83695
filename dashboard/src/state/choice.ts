import type { Address } from './address.ts';
import type { Sort } from './sort.ts';

/** What the trader has chosen, as opposed to what the server says. */
export type Choice = { -readonly [Name in keyof Address]: Address[Name] } & {
  search: string;
  /** Undefined: by |z|, valid ones first. */
  sort: Sort | undefined;
  range: [number, number] | undefined;
};
