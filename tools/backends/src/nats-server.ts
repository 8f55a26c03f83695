import { type Backend, notAvailable } from './backend.ts';
import { containerEngineAnswers } from './container-engine.ts';
import { natsBinary, newestNats } from './nats-binary.ts';
import { natsContainer } from './nats-container.ts';
import { natsProcess } from './nats-process.ts';

export interface NatsServerOptions {
  /** `newest` (unless said otherwise), or `debian`: the oldest that Tandem works with, 2.9.10 in Debian 12. */
  readonly which?: 'newest' | 'debian';
  /** Whether it is started at once (true), or only by `restart`. */
  readonly started?: boolean;
  /** More lines of the server's configuration. */
  readonly configuration?: string;
}

/** The images, the same as those of the deployment. */
const images = { newest: `nats:${newestNats}-alpine`, debian: 'nats:2.9.10-alpine' };

/**
 * A real NATS server with JetStream for tests: the one that TANDEM_TEST_NATS names (which the tests may empty),
 * else a container, else a program of this machine. If there is none, one line says so; with CI=true it throws.
 */
export async function natsServer(options: NatsServerOptions = {}): Promise<Backend | undefined> {
  const { which = 'newest', started = true, configuration = '' } = options;
  const given = process.env.TANDEM_TEST_NATS;
  // Which server that is, and what it is made to do, is not ours to say.
  if (given && which === 'newest' && started && configuration === '') return givenServer(given);
  if (await containerEngineAnswers()) {
    // An engine that cannot get the image is none.
    const container = await natsContainer(images[which], { started, configuration }).catch(() => undefined);
    if (container !== undefined) return container;
  }
  const program = await natsBinary(which);
  if (typeof program !== 'string') return natsProcess(program, { started, configuration });
  return notAvailable(which === 'newest' ? 'NATS' : "Debian's NATS", program);
}

function givenServer(url: string): Backend {
  const cannot = async () => {
    throw new Error('a NATS server that TANDEM_TEST_NATS names cannot be harmed');
  };
  return {
    url,
    how: 'environment',
    version: 'of TANDEM_TEST_NATS',
    kill: cannot,
    restart: cannot,
    pause: cannot,
    resume: cannot,
    stop: async () => {},
  };
}
