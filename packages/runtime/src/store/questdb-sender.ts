import { SenderOptions, UndiciTransport } from '@questdb/nodejs-client';
import type { Cell } from './duckdb-rows.ts';
import { type QuestdbAddress, questdbName } from './questdb-address.ts';
import { linesOf } from './questdb-lines.ts';
import { nameOf } from './questdb-sql.ts';
import type { Table } from './tables.ts';

/**
 * The client's transport without its own repetitions. They hide what happened: that the server answers 503, and
 * that a request was given up which may still arrive.
 */
class OnceTransport extends UndiciTransport {
  constructor(options: SenderOptions) {
    super(options);
    Reflect.set(this, 'dispatcher', Reflect.get(this, 'agent'));
  }
}

/** Rows that the server will never take: with rows that were checked before, a table that is not as it should be. */
export class RowsRefused extends Error {}

/** Writes rows over ILP and HTTP: one request, one transaction. */
export class QuestdbSender {
  private readonly address: QuestdbAddress;
  private readonly transport: OnceTransport;

  constructor(address: QuestdbAddress, requestWithin: number) {
    this.address = address;
    const options = new SenderOptions(
      // The second ends a request, to the millisecond; the first is only looked at once a second.
      `http::addr=localhost:9000;request_timeout=${requestWithin + 1_000};retry_timeout=${requestWithin};`,
      { log: () => {} },
    );
    // The text form would have to escape them.
    options.host = address.host;
    options.port = address.httpPort;
    if (address.named) Object.assign(options, { username: address.user, password: address.password });
    this.transport = new OnceTransport(options);
  }

  /** Resolves when the rows are in the server's log; they may have got there even if it rejects. */
  async send(table: Table, rows: readonly (readonly Cell[])[]): Promise<void> {
    const lines = Buffer.from(linesOf(table, nameOf(table, this.address.prefix), rows));
    try {
      await this.transport.send(lines);
    } catch (error) {
      throw await this.explained(table, error);
    }
  }

  async close(): Promise<void> {
    await this.transport.close();
  }

  private async explained(table: Table, cause: unknown): Promise<Error> {
    const message = cause instanceof Error ? cause.message : String(cause);
    const [, status, answer] = /statusCode=(\d+), error=(.*)/s.exec(message) ?? [];
    const name = questdbName(this.address);
    if (status === '401' || status === '403') {
      return new RowsRefused(`${name} refuses the user or the password of the store's URL`, { cause });
    }
    if (status?.startsWith('4')) {
      return new RowsRefused(`${name} refuses rows of ${table.name}: ${reasonIn(answer ?? '')}`, { cause });
    }
    const state = status === undefined ? await this.state(message) : `it answers ${status}`;
    return new Error(`${name} did not take rows of ${table.name}: ${state}`, { cause });
  }

  /** What is wrong with the server: the client only says that it has waited long enough. */
  private async state(message: string): Promise<string> {
    const { host, httpPort } = this.address;
    try {
      const response = await fetch(`http://${host}:${httpPort}/ping`, { signal: AbortSignal.timeout(1_000) });
      await response.arrayBuffer();
      return response.ok ? message : `it answers ${response.status}`;
    } catch (error) {
      const { name, cause } = error as Error & { cause?: { code?: string } };
      return name === 'TimeoutError' ? 'it does not answer' : `it cannot be reached (${cause?.code ?? name})`;
    }
  }
}

function reasonIn(answer: string): string {
  try {
    const { message } = JSON.parse(answer) as { message?: unknown };
    return String(message).replaceAll('\n', ' ').slice(0, 300);
  } catch {
    return answer.slice(0, 300);
  }
}
