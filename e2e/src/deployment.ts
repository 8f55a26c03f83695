import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort, until } from './tandem.ts';

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
  readonly Id: string;
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
    readonly PidsLimit: number | null;
    readonly RestartPolicy: { readonly Name: string };
    readonly LogConfig: { readonly Type: string; readonly Config: Readonly<Record<string, string>> };
  };
  readonly Mounts: readonly { readonly Type: string; readonly Name?: string; readonly Destination: string }[];
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
    return new Deployment(compose, project, await freePort(), settings);
  }

  up(): Promise<string> {
    return this.#run('up', '--detach', '--build');
  }

  /** Ends and removes the containers; the volumes stay, unless told otherwise. */
  down(volumes: 'keep the volumes' | 'remove everything' = 'keep the volumes'): Promise<string> {
    return this.#run('down', ...(volumes === 'remove everything' ? ['--volumes', '--rmi', 'local'] : []));
  }

  /** The containers that there are, by the names of their services. */
  async services(): Promise<string[]> {
    const format = '{{.Label "com.docker.compose.service"}}';
    const { stdout } = await execute('docker', ['ps', '--filter', this.#label, '--format', format]);
    return stdout.trim().split('\n');
  }

  /** Runs a program of Node in a container, and returns what it prints. */
  async node(container: Container, program: string): Promise<string> {
    const { Id } = await this.inspect(container);
    const { stdout } = await execute('docker', [
      'exec',
      Id,
      'node',
      '--input-type=module',
      '--eval',
      program,
    ]);
    return stdout;
  }

  /** Lets a container hang for as long as `meanwhile` takes. */
  async paused(container: Container, meanwhile: () => Promise<void>): Promise<void> {
    const { Id } = await this.inspect(container);
    await execute('docker', ['pause', Id]);
    try {
      await meanwhile();
    } finally {
      await execute('docker', ['unpause', Id]);
    }
  }

  /** A receiver of webhooks at http://receiver on the way out, for as long as `use` takes; it is told what came. */
  async withReceiver(use: (heard: () => Promise<string[]>) => Promise<void>): Promise<void> {
    const { Config } = await this.inspect('api');
    const name = `${this.#project}_receiver`;
    const program = `require('node:http').createServer((request, response) => {
      request.pipe(process.stdout, { end: false });
      request.on('end', () => process.stdout.write('\\n', () => response.end()));
    }).listen(80)`;
    const network = ['--network', `${this.#project}_out`, '--network-alias', 'receiver'];
    const node = ['--entrypoint', 'node', Config.Image, '--eval', program];
    await execute('docker', ['run', '--detach', '--rm', '--name', name, '--user', '0', ...network, ...node]);
    try {
      await use(async () => {
        const { stdout } = await execute('docker', ['logs', name]);
        return stdout.split('\n').slice(0, -1);
      });
    } finally {
      await execute('docker', ['rm', '--force', name]);
    }
  }

  logs(): Promise<string> {
    return this.#run('logs', '--no-color', '--tail', '30');
  }

  async inspect(container: Container): Promise<Inspected> {
    const service = `label=com.docker.compose.service=${container}`;
    const filters = ['--filter', this.#label, '--filter', service];
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

  async healthy(
    container: Container,
    patience = 120_000,
    wanted: 'healthy' | 'unhealthy' = 'healthy',
  ): Promise<void> {
    await until(
      `${container} is ${wanted}`,
      async () => (await this.inspect(container)).State.Health.Status === wanted,
      patience,
    );
  }

  get<Answer>(path: string): Promise<Answer> {
    return this.#ask<Answer>(path, {});
  }

  /** Asks for a change; `body` is what is written. */
  change<Answer>(method: 'PUT' | 'POST', path: string, body: object = {}): Promise<Answer> {
    const headers = { 'content-type': 'application/json' };
    return this.#ask<Answer>(path, { method, headers, body: JSON.stringify(body) });
  }

  async #ask<Answer>(path: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(`${this.url}/api/v1${path}`, init);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  get #label(): string {
    return `label=com.docker.compose.project=${this.#project}`;
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
