import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { until } from './tandem.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const execute = promisify(execFile);

/** The containers of docker-compose.yml. */
export const containers = [
  'nats',
  'questdb',
  'ingestor',
  'resampler',
  'analytics',
  'alerter',
  'api',
] as const;
export type Container = (typeof containers)[number];

/** What the engine says of a container, as far as it is looked at here. */
export interface Inspected {
  readonly RestartCount: number;
  readonly State: { readonly Pid: number; readonly Health: { readonly Status: string } };
  readonly Config: { readonly User: string; readonly Image: string };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapDrop: readonly string[] | null;
    readonly CapAdd: readonly string[] | null;
    readonly SecurityOpt: readonly string[];
    readonly Memory: number;
    readonly Privileged: boolean;
    readonly RestartPolicy: { readonly Name: string };
    readonly LogConfig: { readonly Type: string; readonly Config: Readonly<Record<string, string>> };
  };
  readonly NetworkSettings: {
    readonly Ports: Readonly<Record<string, readonly { HostIp: string }[] | null>>;
    readonly Networks: Readonly<Record<string, object>>;
  };
}

/** The command that speaks compose's language here: Compose v2 as a part of docker, else docker-compose. */
export async function composeCommand(): Promise<string[] | undefined> {
  const answers = (file: string, ...argv: string[]) =>
    execute(file, argv).then(
      () => true,
      () => false,
    );
  if (!(await answers('docker', 'info'))) return undefined;
  if (await answers('docker', 'compose', 'version')) return ['docker', 'compose'];
  return (await answers('docker-compose', 'version')) ? ['docker-compose'] : undefined;
}

/** The base images: those of a registry, else stand-ins made from Debian, npm, Go and Maven. */
export async function provideBaseImages(): Promise<void> {
  await execute(fileURLToPath(new URL('../../deploy/air-gapped-images.sh', import.meta.url)), ['--or-pull']);
}

/** A deployment of its own under a name of its own, as `docker compose up` makes it. */
export class Deployment {
  readonly #compose: readonly string[];
  readonly #project: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly url: string;

  private constructor(
    compose: readonly string[],
    project: string,
    port: number,
    settings: NodeJS.ProcessEnv,
  ) {
    this.#compose = compose;
    this.#project = project;
    this.url = `http://127.0.0.1:${port}`;
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('TANDEM_'));
    this.#environment = { ...Object.fromEntries(inherited), ...settings, TANDEM_PORT: String(port) };
  }

  static async of(compose: readonly string[], project: string, settings: NodeJS.ProcessEnv) {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as AddressInfo;
    free.close();
    await once(free, 'close');
    return new Deployment(compose, project, port, settings);
  }

  up(): Promise<string> {
    return this.#run('up', '--detach', '--build');
  }

  /** Ends and removes the containers; the volumes stay, unless told otherwise. */
  down(volumes: 'keep the volumes' | 'remove everything' = 'keep the volumes'): Promise<string> {
    return this.#run('down', ...(volumes === 'remove everything' ? ['--volumes', '--rmi', 'local'] : []));
  }

  logs(): Promise<string> {
    return this.#run('logs', '--no-color', '--tail', '30');
  }

  async inspect(container: Container): Promise<Inspected> {
    const labels = [`project=${this.#project}`, `service=${container}`];
    const filters = labels.flatMap((label) => ['--filter', `label=com.docker.compose.${label}`]);
    const { stdout: id } = await execute('docker', ['ps', '--all', '--quiet', ...filters]);
    const { stdout } = await execute('docker', ['inspect', id.trim()]);
    return (JSON.parse(stdout) as [Inspected])[0];
  }

  /** Whether containers of this deployment can leave it by a network. */
  async isInternal(network: string): Promise<boolean> {
    const { stdout } = await execute('docker', ['network', 'inspect', '--format', '{{.Internal}}', network]);
    return stdout.trim() === 'true';
  }

  /**
   * SIGKILL to the container's process, from outside of it: `docker kill` would count as the operator's wish,
   * after which no policy starts it again.
   */
  async kill(container: Container): Promise<void> {
    const { State } = await this.inspect(container);
    const { Config } = await this.inspect('api');
    const kill = `process.kill(${State.Pid}, 'SIGKILL')`;
    const rights = [
      '--pid',
      'host',
      '--user',
      '0',
      '--cap-drop',
      'ALL',
      '--cap-add',
      'KILL',
      '--network',
      'none',
    ];
    await execute('docker', ['run', '--rm', ...rights, '--entrypoint', 'node', Config.Image, '-e', kill]);
  }

  async healthy(container: Container, patience = 120_000): Promise<void> {
    await until(
      `${container} is healthy`,
      async () => (await this.inspect(container)).State.Health.Status === 'healthy',
      patience,
    );
  }

  async get<Answer>(path: string): Promise<Answer> {
    const response = await fetch(`${this.url}/api/v1${path}`);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  async #run(...argv: string[]): Promise<string> {
    const [file = '', ...first] = this.#compose;
    const { stdout } = await execute(file, [...first, '--project-name', this.#project, ...argv], {
      cwd: root,
      env: this.#environment,
      maxBuffer: 64 * 2 ** 20,
    });
    return stdout;
  }
}
