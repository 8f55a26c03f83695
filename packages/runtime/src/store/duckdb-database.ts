import { statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
} from '@duckdb/node-api';
import { makeDirectory } from '../make-directory.ts';
import type { Cell } from './duckdb-rows.ts';
import { addColumn, columnsOf, createStage, createTable, newestTime, stageName } from './duckdb-sql.ts';
import { NewestKeys } from './newest-keys.ts';
import { type Table, tables } from './tables.ts';

export interface DatabaseOptions {
  /** The database's file, or `:memory:`. */
  path: string;
  threads: number;
  memoryLimit: string;
}

/** Rows of one DuckDB vector. */
const vectorSize = 2_048;

/** Files that this process has open: DuckDB's own lock only keeps other processes out. */
const opened = new Set<string>();

interface Stage {
  appender: DuckDBAppender;
  /** Of the table itself, for rows that are certainly new. */
  direct: DuckDBAppender;
  types: DuckDBType[];
  keys: NewestKeys;
}

/** An open database: one connection that writes, some that read, and a stage per table. */
export class Database {
  readonly writer: DuckDBConnection;
  private readonly instance: DuckDBInstance;
  private readonly readers: DuckDBConnection[];
  private readonly stages: Map<string, Stage>;
  private readonly file: string | undefined;
  private turn = 0;

  private constructor(
    instance: DuckDBInstance,
    writer: DuckDBConnection,
    readers: DuckDBConnection[],
    stages: Map<string, Stage>,
    file: string | undefined,
  ) {
    this.instance = instance;
    this.writer = writer;
    this.readers = readers;
    this.stages = stages;
    this.file = file;
  }

  static async open(options: DatabaseOptions): Promise<Database> {
    const file = options.path === ':memory:' ? undefined : await resolved(options.path);
    if (file !== undefined && opened.has(file)) {
      throw new Error(`the database ${options.path} is already open in this process`);
    }
    if (file !== undefined) opened.add(file);
    let instance: DuckDBInstance | undefined;
    try {
      instance = await DuckDBInstance.create(file ?? ':memory:', {
        threads: String(options.threads),
        memory_limit: options.memoryLimit,
        // Beyond it the log is moved into the tables at whatever commit comes next, be it quiet or not.
        checkpoint_threshold: '64MB',
        // Nothing is fetched from anywhere: what is needed is built in.
        autoinstall_known_extensions: 'false',
      });
      const writer = await instance.connect();
      const readers = [await instance.connect(), await instance.connect()];
      const stages = new Map<string, Stage>();
      for (const table of Object.values(tables))
        stages.set(table.name, await prepare(writer, table, options.path));
      return new Database(instance, writer, readers, stages, file);
    } catch (error) {
      instance?.closeSync();
      if (file !== undefined) opened.delete(file);
      throw new Error(sentenceOf(error, options.path), { cause: error });
    }
  }

  /** A connection to read on; they take turns, so that one long answer does not hold up every other. */
  get reader(): DuckDBConnection {
    this.turn += 1;
    return this.readers[this.turn % this.readers.length] as DuckDBConnection;
  }

  /** What is known of the newest rows of a table. */
  keysOf(table: Table): NewestKeys {
    return (this.stages.get(table.name) as Stage).keys;
  }

  /** Copies rows into the stage of their table; into the table itself if they are certainly new. */
  stage(table: Table, rows: readonly (readonly Cell[])[], areNew = false): void {
    const stage = this.stages.get(table.name) as Stage;
    const { types } = stage;
    const appender = areNew ? stage.direct : stage.appender;
    for (let start = 0; start < rows.length; start += vectorSize) {
      const part = rows.slice(start, start + vectorSize);
      const chunk = DuckDBDataChunk.create(types, part.length);
      for (let column = 0; column < types.length; column++) {
        chunk.setColumnValues(
          column,
          part.map((cells) => cells[column] as Cell),
        );
      }
      appender.appendDataChunk(chunk);
    }
    appender.flushSync();
  }

  /** Bytes of the log: what is durable and not in the tables yet. */
  logSize(): number {
    if (this.file === undefined) return 0;
    return statSync(`${this.file}.wal`, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Moves the log into the tables. Somebody who reads at this moment may bar it. */
  async checkpoint(): Promise<void> {
    await this.writer.run('CHECKPOINT');
  }

  /** Forgets rows that were on their way into a stage when something failed. */
  unstage(): void {
    for (const { appender, direct } of this.stages.values()) {
      appender.clear();
      direct.clear();
    }
  }

  /** A connection of one's own, for what takes long. */
  connect(): Promise<DuckDBConnection> {
    return this.instance.connect();
  }

  close(): void {
    for (const { appender, direct } of this.stages.values()) {
      quietly(() => appender.closeSync());
      quietly(() => direct.closeSync());
    }
    for (const connection of [this.writer, ...this.readers]) quietly(() => connection.closeSync());
    this.instance.closeSync();
    if (this.file !== undefined) opened.delete(this.file);
  }
}

async function prepare(writer: DuckDBConnection, table: Table, path: string): Promise<Stage> {
  await writer.run(createTable(table));
  const columns = columnsOf(table);
  const wanted = columns.map(({ name, type }) => `${name} ${type}`);
  const reader = await writer.runAndReadAll(
    'SELECT column_name, data_type FROM information_schema.columns WHERE table_catalog = current_database() AND table_name = $1 ORDER BY ordinal_position',
    [table.name],
  );
  const found = reader.getRows().map(([name, type]) => `${name} ${type}`);
  // What an earlier version did not know yet is null in its rows.
  const earlier = wanted.slice(0, found.length).join() === found.join();
  if (earlier) {
    for (const { name, type } of columns.slice(found.length)) await writer.run(addColumn(table, name, type));
  } else {
    throw new Refused(
      `the database ${path} was made by another version of Tandem: its table ${table.name} has the columns ${found.join(', ')}, not ${wanted.join(', ')}; move the file away to start a new one`,
    );
  }
  await writer.run(createStage(table));
  const appender = await writer.createAppender(stageName(table), 'main', 'temp');
  const types = wanted.map((_, index) => appender.columnType(index));
  const direct = await writer.createAppender(table.name, 'main');
  const newest = await writer.runAndReadAll(newestTime(table));
  return { appender, direct, types, keys: new NewestKeys(newest.value(0, 0) as bigint | null) };
}

class Refused extends Error {}

/** DuckDB's fault in one sentence that says which file and how to mend it. */
function sentenceOf(error: unknown, path: string): string {
  if (error instanceof Refused) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  if (/could not set lock/i.test(message)) {
    const holder = /PID (\d+)/.exec(message)?.[1];
    return `the database ${path} is in use by another process${holder ? ` (PID ${holder})` : ''}: is Tandem already running?`;
  }
  if (/not a valid DuckDB|corrupt|could not read enough bytes/i.test(message)) {
    return `the database ${path} is damaged (${firstLine(message)}): bring back a copy, or move it away to start anew`;
  }
  return `the database ${path} cannot be opened: ${firstLine(message)}`;
}

/** The first line of DuckDB's message; the rest is a stack or advice for its own developers. */
export function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}

async function resolved(path: string): Promise<string> {
  const directory = dirname(path);
  try {
    await makeDirectory(directory);
    return join(await realpath(directory), basename(path));
  } catch (error) {
    throw new Error(`the database ${path} cannot be opened: ${(error as Error).message}`, { cause: error });
  }
}

function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // Closing what a fault has already closed.
  }
}
