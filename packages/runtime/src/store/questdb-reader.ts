import pg from 'pg';
import Cursor from 'pg-cursor';
import { type QuestdbAddress, questdbName } from './questdb-address.ts';
import type { Statement } from './questdb-sql.ts';

/** A row as the columns of its statement. */
export type Cells = readonly unknown[];

/** Times and counts are whole numbers that JavaScript can hold: the store writes no others. */
const parsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text') =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)) as never,
};

/** Asks the server over PG wire, on a few connections that are made anew whenever they break. */
export class QuestdbReader {
  private readonly address: QuestdbAddress;
  private readonly answerWithin: number;
  private readonly pool: pg.Pool;

  constructor(address: QuestdbAddress, answerWithin: number) {
    this.address = address;
    this.answerWithin = answerWithin;
    this.pool = new pg.Pool({
      host: address.host.replace(/^\[|\]$/g, ''),
      port: address.pgPort,
      user: address.user,
      password: address.password,
      database: 'qdb',
      max: 4,
      connectionTimeoutMillis: answerWithin / 4,
      query_timeout: answerWithin,
      idleTimeoutMillis: 10_000,
      allowExitOnIdle: true,
      types: parsers,
    });
    // A connection that breaks while nobody uses it is replaced by the next one.
    this.pool.on('error', () => {});
  }

  /** The rows of a statement. One that fails because its connection broke is asked once more: none of them writes rows. */
  async rows({ sql, values }: Statement): Promise<Cells[]> {
    for (let attempt = 1; ; attempt++) {
      let client: pg.PoolClient | undefined;
      try {
        client = await this.pool.connect();
        const result = await client.query<unknown[]>({ text: sql, values, rowMode: 'array' });
        client.release();
        return result.rows;
      } catch (error) {
        // What else it may still be busy with must not reach the next who asks.
        client?.release(true);
        const broken = client !== undefined && isBroken(error);
        if (!broken || attempt > 1) throw this.explained(error);
      }
    }
  }

  /** The rows of a statement, some at a time: the server waits until the next are asked for. */
  async *parts({ sql, values }: Statement, size: number): AsyncGenerator<Cells[]> {
    let client: pg.PoolClient | undefined;
    try {
      client = await this.pool.connect().catch((error) => {
        throw this.explained(error);
      });
      const cursor = client.query(new Cursor<unknown[]>(sql, values, { rowMode: 'array', types: parsers }));
      for (;;) {
        const rows = await this.inTime(cursor.read(size));
        if (rows.length === 0) return;
        yield rows;
      }
    } finally {
      // Its cursor goes with it.
      client?.release(true);
    }
  }

  async close(): Promise<void> {
    // A connection to a server that hangs never ends by itself.
    const patience = new Promise((resolve) => setTimeout(resolve, 2_000).unref());
    await Promise.race([this.pool.end(), patience]);
  }

  private async inTime<Result>(answer: Promise<Result>): Promise<Result> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('Query read timeout')), this.answerWithin);
    });
    try {
      return await Promise.race([answer, late]);
    } catch (error) {
      throw this.explained(error);
    } finally {
      clearTimeout(timer);
    }
  }

  private explained(cause: unknown): Error {
    const name = questdbName(this.address);
    const { message, code } = cause as Error & { code?: string };
    if (/invalid username\/password|28P01/.test(`${message} ${code}`)) {
      return new Refused(`${name} refuses the user or the password of the store's URL`, { cause });
    }
    if (/timeout/i.test(message)) return new Error(`${name} does not answer (PG wire)`, { cause });
    if (code !== undefined && /^E[A-Z]+$/.test(code)) {
      return new Error(`${name} cannot be reached over PG wire (${code})`, { cause });
    }
    return new Error(`${name}: ${message.split('\n', 1)[0]?.slice(0, 300)}`, { cause });
  }
}

/** What waiting does not mend. */
export class Refused extends Error {}

/** Whether a connection broke, rather than the statement. */
function isBroken(error: unknown): boolean {
  const { message, code } = error as Error & { code?: string };
  return code === 'ECONNRESET' || code === 'EPIPE' || /terminated|not queryable|cached plan/i.test(message);
}
