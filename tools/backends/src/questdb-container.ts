import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { type QuestdbBackend, questdbAnswers, questdbEnvironment, questdbUrls } from './questdb-backend.ts';
import { questdbVersion } from './questdb-jar.ts';

/** A QuestDB server in a container, through testcontainers, which is loaded only when an engine answers. */
export async function questdbContainer(
  environment: Readonly<Record<string, string>>,
): Promise<QuestdbBackend> {
  const { GenericContainer, Wait, getContainerRuntimeClient } = await import('testcontainers');
  // The same ports after a restart.
  const [http, pg] = [await freePort(), await freePort()];
  const container = await new GenericContainer(`questdb/questdb:${questdbVersion}`)
    .withEnvironment({ ...questdbEnvironment, JVM_PREPEND: '-Xms64m -Xmx512m', ...environment })
    .withExposedPorts({ container: 9000, host: http }, { container: 8812, host: pg })
    .withWaitStrategy(Wait.forHttp('/exec?query=SELECT%201', 9000))
    .withStartupTimeout(60_000)
    .start();
  const runtime = await getContainerRuntimeClient();
  const engine = runtime.container.getById(container.getId());
  const urls = questdbUrls(container.getHost(), http, pg);
  return {
    ...urls,
    how: 'container',
    version: questdbVersion,
    async kill() {
      await engine.kill({ signal: 'SIGKILL' }).catch(() => {});
      await engine.wait();
    },
    async restart() {
      await engine.start();
      while (!(await questdbAnswers(urls.httpUrl))) await sleep(50);
    },
    async pause() {
      await engine.pause();
    },
    async resume() {
      await engine.unpause();
    },
    async stop() {
      await container.stop({ remove: true, removeVolumes: true });
    },
  };
}
