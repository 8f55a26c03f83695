import { type Batch, batchOf, merged, rowsIn, timesOf } from './batch.ts';
import { Database, type DatabaseOptions, firstLine } from './duckdb-database.ts';
import { exportFile } from './duckdb-export.ts';
import { readRows } from './duckdb-read.ts';
import { expire, select, upsert } from './duckdb-sql.ts';
import type { Change, ExportFormat, Query, Store } from './store.ts';
import { type Rows, type TableName, tables } from './tables.ts';
import { WriteQueue } from './write-queue.ts';

export interface DuckdbStoreOptions {
  /** The database's file, or `:memory:`. */
  path: string;
  /** DuckDB's own threads (2). */
  threads?: number;
  /** DuckDB's own memory ('1GB'). */
  memoryLimit?: string;
  /** Told of what goes wrong again and again without anybody waiting for it. */
  onError?: (error: unknown, where: string) => void;
}

type Task = { readonly write: Batch } | { readonly expire: string } | { readonly checkpoint: true };

/** About how many rows one transaction takes at most. */
const rowsPerCommit = 50_000;
/** The log of what is not in the tables yet is moved there once it is so long, bytes, and nobody writes for so long, ms. */
const tidying = { log: 16 * 2 ** 20, quiet: 100 };
/** Attempts in a row that failed, of which one is told. */
const untidyTold = 10;
/** So many new rows of one table are appended to it at once, on this thread. */
const rowsAppended = 2_000;

/** The store in one DuckDB file that belongs to this process. */
export async function duckdbStore(options: DuckdbStoreOptions): Promise<Store> {
  const settings = {
    path: options.path,
    threads: options.threads ?? 2,
    memoryLimit: options.memoryLimit ?? '1GB',
  };
  return new DuckdbStore(settings, await Database.open(settings), options.onError);
}

class DuckdbStore implements Store {
  private readonly options: DatabaseOptions;
  private readonly queue: WriteQueue<Task>;
  /** Undefined between a fault that spoilt it and the next use. */
  private database: Database | undefined;
  private opening: Promise<Database> | undefined;
  /** The closing of a database that a fault has spoilt. */
  private givingUp: Promise<void> | undefined;
  private readonly reads = new Set<Promise<unknown>>();
  private closed = false;
  private readonly onError: DuckdbStoreOptions['onError'];
  private tidy: ReturnType<typeof setTimeout> | undefined;
  private untidy = 0;

  constructor(options: DatabaseOptions, database: Database, onError: DuckdbStoreOptions['onError']) {
    this.options = options;
    this.database = database;
    this.onError = onError;
    this.queue = new WriteQueue((tasks) => this.commit(tasks), rowsPerCommit);
  }

  async write(changes: readonly Change[]): Promise<void> {
    const batch = batchOf(changes);
    this.assertOpen();
    const count = rowsIn(batch);
    if (count > 0) await this.queue.add({ write: batch }, count);
  }

  async query<Name extends TableName>(name: Name, query: Query<Name>): Promise<Rows[Name][]> {
    const table = tables[name];
    const statement = select(table, query);
    return this.read(`reading ${name}`, (database) =>
      readRows<Rows[Name]>(database.reader, table, statement),
    );
  }

  async settled(): Promise<void> {
    // A write resolves after its commit, and a reader sees every commit before its query.
  }

  async export<Name extends TableName>(
    name: Name,
    query: Query<Name>,
    format: ExportFormat,
    file: string,
  ): Promise<number> {
    return this.read(`exporting ${name} to ${file}`, (database) =>
      exportFile(database, tables[name], query, format, file),
    );
  }

  async expire(name: TableName, before: number): Promise<void> {
    const sql = expire(tables[name], before);
    this.assertOpen();
    await this.queue.add({ expire: sql }, rowsPerCommit);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.tidy);
    await this.queue.idle();
    await this.opening?.catch(() => {});
    await this.giveUp();
  }

  /** Reads on the open database, which is not closed before the read has ended: DuckDB would crash the process. */
  private async read<Result>(
    doing: string,
    action: (database: Database) => Promise<Result>,
  ): Promise<Result> {
    let database = await this.usable();
    // It may have been given up since it was handed out.
    while (database !== this.database) database = await this.usable();
    const work = this.explained(doing, () => action(database));
    this.reads.add(work);
    try {
      return await work;
    } finally {
      this.reads.delete(work);
    }
  }

  /** Closes the database, once nobody reads on it; the next use opens it anew. */
  private async giveUp(): Promise<void> {
    const { database } = this;
    this.database = undefined;
    if (database === undefined) return;
    this.givingUp = Promise.allSettled(this.reads).then(() => database.close());
    await this.givingUp;
    this.givingUp = undefined;
  }

  /**
   * One transaction for all of `tasks`: all of them are durable after it, or none. What is to be done behind the staged
   * rows is told at once: each further statement would wait for this thread, which may be busy.
   */
  private async commit(tasks: readonly Task[]): Promise<void> {
    const database = await this.usable(true);
    const { writer } = database;
    if (tasks.some((task) => 'checkpoint' in task)) return this.tidyNow(database);
    await this.explained('writing', async () => {
      try {
        await writer.run('BEGIN');
        const statements: string[] = [];
        const batches = tasks.flatMap((task) => ('write' in task ? [task.write] : []));
        for (const [table, rows] of merged(batches)) {
          const cells = [...rows.values()];
          const [earliest, latest] = timesOf(table, cells);
          const keys = database.keysOf(table);
          // Nearly all rows are: there is nothing to replace. Many at once are moved by the database's own threads.
          const areNew = cells.length <= rowsAppended && keys.areNew(earliest, rows.keys());
          keys.add(latest, rows.keys());
          database.stage(table, cells, areNew);
          if (!areNew) statements.push(...upsert(table, earliest, latest));
        }
        for (const task of tasks) if ('expire' in task) statements.push(task.expire);
        await writer.run([...statements, 'COMMIT'].join('; '));
      } catch (error) {
        await this.recover(database);
        throw error;
      }
    });
    this.tidyLater();
  }

  /** Moving the log into the tables holds up whoever writes for a good while: done when it is quiet, it holds up nobody. */
  private tidyLater(): void {
    clearTimeout(this.tidy);
    if (this.closed) return;
    this.tidy = setTimeout(() => {
      if (this.database === undefined || this.database.logSize() < tidying.log) return;
      // As large as a whole transaction: it shares none with anything. It fails only if the database cannot be opened
      // again, which the next who reads or writes is told.
      this.queue.add({ checkpoint: true }, rowsPerCommit).catch(() => {});
    }, tidying.quiet);
    this.tidy.unref();
  }

  /** Nothing depends on it, as what is in the log is durable; a log that grows and grows is told of. */
  private async tidyNow(database: Database): Promise<void> {
    try {
      await database.checkpoint();
      this.untidy = 0;
    } catch (error) {
      this.untidy += 1;
      if (this.untidy % untidyTold === 0) this.onError?.(error, `moving the log of ${this.options.path}`);
    }
  }

  /** Undoes a failed transaction. DuckDB gives up a database whose file it could not write: that one is opened anew. */
  private async recover(database: Database): Promise<void> {
    try {
      await database.writer.run('ROLLBACK');
    } catch {
      // There may be none, if it was the commit that failed.
    }
    try {
      database.unstage();
      await database.writer.run('BEGIN');
      await database.writer.run('ROLLBACK');
    } catch {
      if (this.options.path === ':memory:') return;
      await this.giveUp();
    }
  }

  private async usable(closing = false): Promise<Database> {
    if (!closing) this.assertOpen();
    if (this.database !== undefined) return this.database;
    await this.givingUp;
    if (!closing) this.assertOpen();
    if (this.database !== undefined) return this.database;
    this.opening ??= Database.open(this.options).finally(() => {
      this.opening = undefined;
    });
    this.database = await this.opening;
    return this.database;
  }

  private assertOpen(): void {
    if (this.closed) throw new Error(`the database ${this.options.path} is closed`);
  }

  private async explained<Result>(doing: string, action: () => Promise<Result>): Promise<Result> {
    try {
      return await action();
    } catch (error) {
      const reason = firstLine(error instanceof Error ? error.message : String(error));
      throw new Error(`the database ${this.options.path} failed while ${doing}: ${reason}`, { cause: error });
    }
  }
}
