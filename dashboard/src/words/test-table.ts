/** One line of a table of tests: cells under the columns, or one sentence where there are none. */
export type TestRow = {
  readonly label: string;
  readonly title?: string;
  /** The study's own, among several. */
  readonly own?: boolean;
} & ({ readonly cells: readonly string[] } | { readonly says: string; readonly fault: boolean });

export interface TestTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly TestRow[];
  readonly note: string;
}
