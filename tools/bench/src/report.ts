/** What a benchmark found: lines for people, and the same as data. */
export interface Report {
  readonly text: string;
  readonly data: unknown;
}
