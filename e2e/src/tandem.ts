import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Environment, ServiceProcess } from '@tandem/cluster';

export { bin, type Environment, environmentOf, freePort } from '@tandem/cluster';

/** What an api serves, read as any user can. */
export class Reader {
  readonly #url: () => string;

  constructor(url: () => string) {
    this.#url = url;
  }

  async get<Answer>(path: string): Promise<Answer> {
    const response = await fetch(`${this.#url()}/api/v1${path}`);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  /** All rows of a table as the export gives them. */
  async table<Row>(path: string): Promise<Row[]> {
    const url = `${this.#url()}/api/v1/export/${path}&format=ndjson`;
    let response = await fetch(url);
    // Only so many exports at a time.
    while (response.status === 429) {
      await sleep(1_000);
      response = await fetch(url);
    }
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Row]));
  }
}

/** A Tandem process as its user would start it, all five services in one, reached through HTTP only. */
export class Tandem extends ServiceProcess {
  readonly #reader = new Reader(() => this.url);

  constructor(environment: Environment) {
    super(environment);
  }

  /** Ctrl-C. */
  override async stop(): Promise<number | null> {
    const code = await super.stop();
    // Whoever was killed before has not crashed.
    if (this.signal !== null && this.signal !== 'SIGKILL') {
      throw new Error(`Tandem was ended by ${this.signal}: ${this.output.slice(-4_000)}`);
    }
    return code;
  }

  get<Answer>(path: string): Promise<Answer> {
    return this.#reader.get(path);
  }

  table<Row>(path: string): Promise<Row[]> {
    return this.#reader.table(path);
  }
}

/** A directory of its own, and what removes it. */
export async function scratch(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'tandem-e2e-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Polls until a condition holds. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  patience = 90_000,
): Promise<void> {
  const began = performance.now();
  while (!(await condition())) {
    if (performance.now() - began > patience) throw new Error(`waited in vain until ${what}`);
    await sleep(50);
  }
}
