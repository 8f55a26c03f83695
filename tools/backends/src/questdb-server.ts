import { notAvailable } from './backend.ts';
import { containerEngineAnswers } from './container-engine.ts';
import type { QuestdbBackend } from './questdb-backend.ts';
import { questdbContainer } from './questdb-container.ts';
import { questdbJar } from './questdb-jar.ts';
import { questdbProcess } from './questdb-process.ts';

export interface QuestdbServerOptions {
  /** Whether the tests kill, restart or pause it: then it is one of their own. */
  readonly harmed?: boolean;
  /** More of the server's environment (`QDB_…`). */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * A real QuestDB server for tests: the one that TANDEM_TEST_QUESTDB names (`questdb://host:9000?pg=8812`), else
 * a container, else the jar from Maven on this machine's Java. If there is none, one line says so; with CI=true
 * it throws.
 */
export async function questdbServer(options: QuestdbServerOptions = {}): Promise<QuestdbBackend | undefined> {
  const { harmed = false, environment = {} } = options;
  const given = process.env.TANDEM_TEST_QUESTDB;
  if (given && !harmed && Object.keys(environment).length === 0) return givenServer(given);
  if (await containerEngineAnswers()) {
    // An engine that cannot get the image is none.
    const container = await questdbContainer(environment).catch(() => undefined);
    if (container !== undefined) return container;
  }
  const jar = await questdbJar();
  if (typeof jar !== 'string') return questdbProcess(jar.file, environment);
  return notAvailable('QuestDB', jar);
}

function givenServer(text: string): QuestdbBackend {
  const url = new URL(text);
  const [host, port] = [url.hostname, url.port || '9000'];
  const user = url.username === '' ? 'admin:quest' : `${url.username}:${url.password}`;
  const cannot = async () => {
    throw new Error('a QuestDB server that TANDEM_TEST_QUESTDB names cannot be harmed');
  };
  return {
    url: text,
    httpUrl: `http://${host}:${port}`,
    pgUrl: `postgres://${user}@${host}:${url.searchParams.get('pg') ?? '8812'}/qdb`,
    how: 'environment',
    version: 'of TANDEM_TEST_QUESTDB',
    kill: cannot,
    restart: cannot,
    pause: cannot,
    resume: cannot,
    stop: async () => {},
  };
}
