import { setTimeout as sleep } from 'node:timers/promises';
import type { Backend } from './backend.ts';
import { freePort } from './free-port.ts';
import { greets } from './nats-greeting.ts';

/** A NATS server in a container, through testcontainers, which is loaded only when an engine answers. */
export async function natsContainer(
  image: string,
  options: { readonly started: boolean; readonly configuration: string },
): Promise<Backend> {
  const { GenericContainer, Wait, getContainerRuntimeClient } = await import('testcontainers');
  const port = await freePort();
  const configuration = [
    'listen: "0.0.0.0:4222"',
    'jetstream { store_dir: "/data", max_file_store: 16GB, max_memory_store: 256MB }',
    options.configuration,
    '',
  ].join('\n');
  const container = await new GenericContainer(image)
    .withCopyContentToContainer([{ content: configuration, target: '/etc/nats/test.conf' }])
    .withCommand(['-c', '/etc/nats/test.conf'])
    // The same port after a restart.
    .withExposedPorts({ container: 4222, host: port })
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(30_000)
    .start();
  const runtime = await getContainerRuntimeClient();
  const engine = runtime.container.getById(container.getId());
  const kill = async () => {
    await engine.kill({ signal: 'SIGKILL' }).catch(() => {});
    await engine.wait();
  };
  if (!options.started) await kill();
  return {
    url: `nats://${container.getHost()}:${port}`,
    how: 'container',
    version: image.slice(image.indexOf(':') + 1),
    kill,
    async restart() {
      await engine.start();
      while (!(await greets(container.getHost(), port))) await sleep(50);
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
