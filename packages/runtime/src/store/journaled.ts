import { batchOf } from './batch.ts';
import { Journal, type Taken } from './journal.ts';
import type { Change, ExportFormat, Query, Store } from './store.ts';
import { type Rows, type TableName, tables } from './tables.ts';

/** Somebody waits for these to be durable: an alert is not told before it is. */
const urgentTables: ReadonlySet<TableName> = new Set(['alerts', 'deliveries']);
/** More rows than this in one call gain nothing from the journal. */
const rowsPerCall = 500;
/** Rows that wait for the tables at most; beyond, a write waits until they are there. */
const rowsWaiting = 20_000;
/** How long rows wait for more that share their transaction, and for another attempt after a failed one, ms. */
const gathering = 250;
const again = 1_000;

/**
 * A store that makes small urgent writes durable in a journal beside its tables, in a fraction of a millisecond, and
 * moves them into the tables some time later, many in one transaction; whoever reads a table moves them first, and so
 * does the next start after a kill.
 */
export async function journaledStore(inner: Store, path: string, urgent = urgentTables): Promise<Store> {
  try {
    const { journal, left } = await Journal.open(path);
    try {
      if (left.length > 0) await inner.write(left.map(completed));
      await journal.forgetAll();
    } catch (error) {
      await journal.close();
      throw error;
    }
    return new JournaledStore(inner, journal, urgent);
  } catch (error) {
    await inner.close();
    throw error;
  }
}

/** What an earlier version of Tandem did not know yet is null in the rows that it left. */
function completed({ table, rows }: Change): Change {
  const unknown = Object.fromEntries(Object.keys(tables[table].columns).map((column) => [column, null]));
  return { table, rows: rows.map((row) => ({ ...unknown, ...row })) } as Change;
}

class JournaledStore implements Store {
  private readonly inner: Store;
  private readonly journal: Journal;
  private readonly urgent: ReadonlySet<TableName>;
  private taken: Taken | undefined;
  private moving: Promise<void> | undefined;
  /** The number of the newest entry that is in the tables. */
  private moved = 0;
  private waiting = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(inner: Store, journal: Journal, urgent: ReadonlySet<TableName>) {
    this.inner = inner;
    this.journal = journal;
    this.urgent = urgent;
  }

  async write(changes: readonly Change[]): Promise<void> {
    const affected = changes.filter(({ table }) => this.urgent.has(table));
    if (affected.length === 0) return this.inner.write(changes);
    if (this.closed) throw new Error('the store is closed');
    // What does not fit its table is refused here: from the journal it could never be moved.
    batchOf(changes);
    const rows = rowsOf(changes);
    if (affected.length < changes.length || rows > rowsPerCall) {
      await this.move();
      return this.inner.write(changes);
    }
    if (rows === 0) return;
    if (this.waiting + rows > rowsWaiting) await this.move();
    this.waiting += rows;
    try {
      await this.journal.record(changes);
    } catch (error) {
      this.waiting -= rows;
      throw error;
    }
    this.moveLater(gathering);
  }

  async query<Name extends TableName>(name: Name, query: Query<Name>): Promise<Rows[Name][]> {
    if (this.urgent.has(name)) await this.move();
    return this.inner.query(name, query);
  }

  async settled(name: TableName): Promise<void> {
    // Whoever reads moves first.
    await this.inner.settled(name);
  }

  async export<Name extends TableName>(
    name: Name,
    query: Query<Name>,
    format: ExportFormat,
    file: string,
  ): Promise<number> {
    if (this.urgent.has(name)) await this.move();
    return this.inner.export(name, query, format, file);
  }

  async expire(name: TableName, before: number): Promise<void> {
    if (this.urgent.has(name)) await this.move();
    await this.inner.expire(name, before);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.journal.idle();
    clearTimeout(this.timer);
    // What cannot be moved now stays in the journal, and the next start moves it.
    await this.move().catch(() => {});
    try {
      await this.journal.close();
    } finally {
      await this.inner.close();
    }
  }

  /** Resolves when all that was durable at this moment is in the tables. */
  private async move(): Promise<void> {
    const wanted = this.journal.recorded;
    while (this.moved < wanted) {
      this.moving ??= this.moveOnce().finally(() => {
        this.moving = undefined;
      });
      await this.moving;
    }
  }

  private async moveOnce(): Promise<void> {
    // What a failed attempt left comes first: it is older.
    const taken = this.taken ?? (await this.journal.take());
    this.taken = taken;
    await this.inner.write(taken.changes);
    await this.journal.forget();
    this.taken = undefined;
    this.moved = taken.upTo;
    this.waiting -= rowsOf(taken.changes);
  }

  private moveLater(after: number): void {
    if (this.closed) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      // Until it succeeds they are durable, and whoever reads or writes too much hears why it does not.
      this.move().catch(() => this.moveLater(again));
    }, after);
  }
}

const rowsOf = (changes: readonly Change[]): number =>
  changes.reduce((sum, { rows }) => sum + rows.length, 0);
