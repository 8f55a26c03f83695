import type { Backend } from './backend.ts';

/** A QuestDB server that tests run against. `url` is what `questdbStore` takes. */
export interface QuestdbBackend extends Backend {
  /** Of ILP, `/exec` and `/ping`. */
  readonly httpUrl: string;
  /** Of PG wire. */
  readonly pgUrl: string;
  /** Memory of its process in bytes, where that can be known. */
  memory?(): Promise<number>;
}

/** The settings of a server for tests, as its environment: small, quiet, and making no table by itself. */
export const questdbEnvironment = {
  QDB_LINE_TCP_ENABLED: 'false',
  QDB_LINE_UDP_ENABLED: 'false',
  QDB_LINE_AUTO_CREATE_NEW_TABLES: 'false',
  QDB_LINE_AUTO_CREATE_NEW_COLUMNS: 'false',
  QDB_TELEMETRY_ENABLED: 'false',
  QDB_SHARED_NETWORK_WORKER_COUNT: '2',
  QDB_SHARED_QUERY_WORKER_COUNT: '1',
  QDB_SHARED_WRITE_WORKER_COUNT: '1',
  QDB_WAL_APPLY_WORKER_COUNT: '1',
  QDB_HTTP_MIN_WORKER_COUNT: '1',
  QDB_CAIRO_WRITER_DATA_APPEND_PAGE_SIZE: '1M',
  QDB_CAIRO_O3_COLUMN_MEMORY_SIZE: '256K',
} as const;

/** The addresses of a server whose ports are known. */
export function questdbUrls(host: string, http: number, pg: number) {
  return {
    url: `questdb://${host}:${http}?pg=${pg}`,
    httpUrl: `http://${host}:${http}`,
    pgUrl: `postgres://admin:quest@${host}:${pg}/qdb`,
  };
}

/** Whether the server takes writes and answers statements. */
export async function questdbAnswers(httpUrl: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(2_000);
    const response = await fetch(`${httpUrl}/exec?query=${encodeURIComponent('SELECT 1')}`, { signal });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
