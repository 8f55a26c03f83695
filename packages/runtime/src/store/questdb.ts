import { setTimeout as sleep } from 'node:timers/promises';
import { backoff } from '../backoff.ts';
import type { Condition } from '../health.ts';
import type { Log } from '../log.ts';
import type { Cell } from './duckdb-rows.ts';
import { type QuestdbAddress, questdbAddress, questdbName } from './questdb-address.ts';
import { exportRows } from './questdb-export.ts';
import { QuestdbReader, Refused } from './questdb-reader.ts';
import { partsOf, rowsOf } from './questdb-rows.ts';
import { QuestdbSender, RowsRefused } from './questdb-sender.ts';
import { settled } from './questdb-settled.ts';
import { dropPartitions } from './questdb-sql.ts';
import { joined, rowsIn, type Step, stepsOf } from './questdb-steps.ts';
import { makeTables, type RetentionDays } from './questdb-tables.ts';
import type { Change, ExportFormat, Query, Store } from './store.ts';
import { type Rows, type Table, type TableName, tables } from './tables.ts';
import { WriteQueue } from './write-queue.ts';

export interface QuestdbStoreOptions {
  /** What the names of the tables begin with, in place of what the URL says. */
  prefix?: string;
  /** After how many days the server itself drops rows; it keeps those of a table that is not named until `expire`. */
  retentionDays?: RetentionDays;
  /** How long a write is repeated before it rejects, ms (30,000). Whoever called may repeat it. */
  writeWithin?: number;
  /** How long to wait for a server that is away at the start, ms (as long as it takes). */
  startWithin?: number;
  /** Longest time that one request to write may take, ms (5,000). */
  requestWithin?: number;
  /** Longest time that an answer to a question may take, ms (20,000); connecting has a quarter of it. */
  answerWithin?: number;
  /** Told when the server is waited for. */
  log?: Log | undefined;
  /** Told that writes have begun to fail, and that they succeed again. */
  onState?: ((condition: Condition, reason: string) => void) | undefined;
}

/** About how many rows are put together into one group of requests, and go in one request, at most. */
const rowsPerGroup = 50_000;
const rowsPerRequest = 10_000;
/** How long a write that had to be repeated is not acknowledged yet, ms. */
const calmAfterTrouble = 1_000;

/**
 * The store on a QuestDB server, at `questdb://user:password@host:9000?pg=8812&prefix=name_` (see
 * `questdbAddress`). Waits for the server, makes the tables that are missing, and refuses others in one sentence.
 *
 * A write is repeated for `writeWithin`, then rejects: part of it may be stored, and repeating it does no harm.
 * A read rejects within half a minute. Both work again as soon as the server does.
 */
export async function questdbStore(url: string, options: QuestdbStoreOptions = {}): Promise<Store> {
  const address = questdbAddress(url);
  const store = new QuestdbStore({ ...address, prefix: options.prefix ?? address.prefix }, options);
  await store.start();
  return store;
}

class QuestdbStore implements Store {
  private readonly address: QuestdbAddress;
  private readonly options: QuestdbStoreOptions;
  private readonly name: string;
  private readonly sender: QuestdbSender;
  private readonly reader: QuestdbReader;
  private readonly queue: WriteQueue<readonly Step[]>;
  private readonly closing = new AbortController();
  private failing = false;

  constructor(address: QuestdbAddress, options: QuestdbStoreOptions) {
    this.address = address;
    this.options = options;
    this.name = questdbName(address);
    this.sender = new QuestdbSender(address, options.requestWithin ?? 5_000);
    this.reader = new QuestdbReader(address, options.answerWithin ?? 20_000);
    this.queue = new WriteQueue((calls) => this.commit(calls), rowsPerGroup);
  }

  async start(): Promise<void> {
    try {
      await this.persistently(this.options.startWithin ?? Number.POSITIVE_INFINITY, () => this.makeTables());
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async write(changes: readonly Change[]): Promise<void> {
    const steps = stepsOf(changes);
    this.assertOpen();
    if (steps.length > 0) await this.queue.add(steps, rowsIn(steps));
  }

  async query<Name extends TableName>(name: Name, query: Query<Name>): Promise<Rows[Name][]> {
    this.assertOpen();
    return rowsOf(this.reader, tables[name], this.address.prefix, query);
  }

  async settled(name: TableName): Promise<void> {
    this.assertOpen();
    await settled(this.reader, this.address, tables[name]);
  }

  async export<Name extends TableName>(
    name: Name,
    query: Query<Name>,
    format: ExportFormat,
    file: string,
  ): Promise<number> {
    this.assertOpen();
    const table = tables[name];
    try {
      return await exportRows(table, partsOf(this.reader, table, this.address.prefix, query), format, file);
    } catch (error) {
      throw new Error(`exporting ${name} to ${file} failed: ${(error as Error).message}`, { cause: error });
    }
  }

  /** Drops whole partitions (an hour of ticks, a day of bars and analytics, a month of the others): younger rows of the last one stay. */
  async expire(name: TableName, before: number): Promise<void> {
    this.assertOpen();
    const table = tables[name];
    const sql = dropPartitions(table, this.address.prefix, before);
    // The server looks for partitions where it is, not where its log will take it.
    await this.settled(name);
    try {
      await this.reader.rows({ sql, values: [] });
    } catch (error) {
      if (!/no partitions matched/i.test((error as Error).message)) throw error;
    }
  }

  async close(): Promise<void> {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    await this.queue.idle();
    await this.sender.close();
    await this.reader.close();
  }

  private makeTables(): Promise<void> {
    return makeTables(this.reader, this.address, this.options.retentionDays ?? {});
  }

  private async commit(calls: readonly (readonly Step[])[]): Promise<void> {
    for (const { table, rows } of joined(calls)) {
      const cells = [...rows.values()];
      for (let start = 0; start < cells.length; start += rowsPerRequest) {
        const part = cells.slice(start, start + rowsPerRequest);
        await this.persistently(this.options.writeWithin ?? 30_000, () => this.send(table, part));
      }
    }
  }

  private async send(table: Table, rows: readonly (readonly Cell[])[]): Promise<void> {
    try {
      await this.sender.send(table, rows);
    } catch (error) {
      if (!(error instanceof RowsRefused)) throw error;
      // The rows are as they should be. If the server has lost the table, it is made again; if it has another, that is said.
      await this.makeTables();
      await this.sender.send(table, rows);
    }
  }

  /** Repeats an action that fails for want of the server, after growing waits, for some time or until the store is closed. */
  private async persistently(within: number, action: () => Promise<void>): Promise<void> {
    const begun = performance.now();
    for (let attempt = 1; ; attempt++) {
      try {
        await action();
        if (this.failing) await this.calmDown();
        return;
      } catch (error) {
        const { message } = error as Error;
        this.failing = true;
        this.options.onState?.('down', message);
        const hopeless = error instanceof RowsRefused || error instanceof Refused;
        if (hopeless || performance.now() - begun >= within || this.closing.signal.aborted) throw error;
        // A long wait must not become a flood of lines.
        if (attempt <= 3 || attempt % 30 === 0) {
          this.options.log?.warn({ reason: message, attempt }, 'the store is waited for:');
        }
        const wait = backoff(attempt, Math.random(), { first: 100, most: 2_000 });
        await sleep(wait, undefined, { signal: this.closing.signal }).catch(() => {});
      }
    }
  }

  /**
   * A request that was given up may still be on its way: a server that hung reads it when it wakes. It must not
   * come after rows that replace its own, so nothing more is written until it will have been read.
   */
  private async calmDown(): Promise<void> {
    await sleep(calmAfterTrouble);
    this.failing = false;
    this.options.onState?.('ok', '');
  }

  private assertOpen(): void {
    if (this.closing.signal.aborted) throw new Error(`the store on ${this.name} is closed`);
  }
}
