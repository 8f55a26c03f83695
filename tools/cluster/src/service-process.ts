import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The built command, as a user would call it. */
export const bin = fileURLToPath(new URL('../../../services/tandem/bin/tandem.js', import.meta.url));

/** Settings by the names of their environment variables, without the prefix. */
export type Environment = Readonly<Record<string, string>>;

/** The last words of a process are kept to explain its end. */
const keptOutput = 1_000_000;

/** One `tandem start` process: all services or some of them. */
export class ServiceProcess {
  readonly name: string;
  readonly #services: readonly string[];
  readonly #environment: Environment;
  readonly #onLine: ((line: string) => void) | undefined;
  #child: ChildProcess | undefined;
  #output = '';

  /** No services are all of them. */
  constructor(environment: Environment, services: readonly string[] = [], onLine?: (line: string) => void) {
    this.name = services.join('+') || 'tandem';
    this.#services = services;
    this.#environment = environment;
    this.#onLine = onLine;
  }

  /** Where its dashboard, or else its health, is served; empty until it runs. */
  url = '';

  /** All that it said, of every start. */
  get output(): string {
    return this.#output;
  }

  get running(): boolean {
    const child = this.#child;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  /** Its exit code, once it has ended by itself. */
  get exitCode(): number | null {
    return this.#child?.exitCode ?? null;
  }

  /** The signal that ended it, if one did. */
  get signal(): NodeJS.Signals | null {
    return this.#child?.signalCode ?? null;
  }

  /** Starts the process; resolves when it says that it runs. */
  async start(patience = 60_000): Promise<void> {
    const child = this.launch();
    const deadline = performance.now() + patience;
    while (this.url === '') {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(
          `${this.name} ended with ${child.exitCode ?? child.signalCode}: ${this.#output.slice(-4_000)}`,
        );
      }
      if (performance.now() > deadline) {
        throw new Error(`${this.name} did not start: ${this.#output.slice(-4_000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Starts the process without waiting for it. */
  launch(): ChildProcess {
    this.url = '';
    const child = spawn(process.execPath, [bin, 'start', ...this.#services], {
      env: environmentOf(this.#environment),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let said = '';
    const hear = (chunk: Buffer) => {
      const text = chunk.toString('utf8');
      this.#output = (this.#output + text).slice(-keptOutput);
      if (this.url === '') {
        said += text;
        this.url = /(?:Dashboard|Health): (http:\/\/\S+)/.exec(said)?.[1] ?? '';
      }
      if (this.#onLine !== undefined)
        for (const line of text.split('\n')) if (line !== '') this.#onLine(line);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    return child;
  }

  /** SIGKILL: nothing can be tidied up. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Ctrl-C. Resolves with the exit code. */
  async stop(): Promise<number | null> {
    await this.#end('SIGINT');
    return this.exitCode;
  }

  /** Stands still while its connections stay open. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.running) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }
}

/** The environment of a process: the settings of whoever starts it must not reach it. */
export function environmentOf(environment: Environment): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('TANDEM_'));
  const settings = Object.entries(environment).map(([name, value]) => [`TANDEM_${name}`, value]);
  return Object.fromEntries([...others, ...settings]);
}
