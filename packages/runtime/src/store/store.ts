import type { Rows, TableName } from './tables.ts';

/** Rows for one table. */
export type Change = { [Name in TableName]: { table: Name; rows: readonly Rows[Name][] } }[TableName];

export interface Query<Name extends TableName> {
  /** Columns that must equal a value; `dataset` is always stated. */
  where: Partial<Rows[Name]> & { dataset: string };
  /** Inclusive, ms. */
  from?: number;
  /** Exclusive, ms. */
  to?: number;
  /** By time, then by the rest of the key; ascending unless said otherwise. */
  order?: 'ascending' | 'descending';
  limit?: number;
}

export type ExportFormat = 'csv' | 'ndjson' | 'parquet';

/** Where rows rest. No SQL crosses this port. */
export interface Store {
  /**
   * Upserts rows by the identity of their table. Resolves when all of them are durable. An adapter that can
   * makes the changes of one call visible together; every other writes them in the order given. A call that
   * fails may be repeated: identity makes repetition harmless. Of two rows of one identity in one call, the later wins.
   */
  write(changes: readonly Change[]): Promise<void>;

  query<Name extends TableName>(table: Name, query: Query<Name>): Promise<Rows[Name][]>;

  /** Resolves when every row whose write has resolved is visible to `query`. Called before state is read back. */
  settled(table: TableName): Promise<void>;

  /** Writes what `query` would return into a new file, whole or not at all. Returns the number of rows. */
  export<Name extends TableName>(
    table: Name,
    query: Query<Name>,
    format: ExportFormat,
    file: string,
  ): Promise<number>;

  /** Deletes rows older than `before` (ms). An adapter that drops rows by partitions keeps those that share one with younger rows. */
  expire(table: TableName, before: number): Promise<void>;

  close(): Promise<void>;
}
