import { vi } from 'vitest';

interface Question {
  readonly path: string;
  answer(body: unknown): void;
  fail(): void;
}

/** A server by hand: what the page asks waits until the test answers it, and the stream says what the test says. */
export class Server {
  readonly questions: Question[] = [];
  readonly sockets: Stream[] = [];
  readonly #usual = new Map<string, unknown>();

  constructor() {
    vi.stubGlobal('location', { protocol: 'http:', host: 'page' });
    vi.stubGlobal('document', { hidden: false });
    const { sockets } = this;
    const socket = class extends Stream {
      static readonly OPEN = 1;
      constructor() {
        super();
        sockets.push(this);
      }
    };
    vi.stubGlobal('WebSocket', socket);
    vi.stubGlobal('fetch', (url: string) => this.#ask(url.replace('/api/v1', '')));
  }

  /** Answers such questions at once from here on; undefined: they wait again. */
  usual(path: string, body: unknown): void {
    if (body === undefined) this.#usual.delete(path);
    else this.#usual.set(path, body);
  }

  /** Answers what waits. */
  async answer(path: string, body: unknown): Promise<void> {
    this.#take(path).answer(body);
    await settled();
  }

  async fail(path: string): Promise<void> {
    this.#take(path).fail();
    await settled();
  }

  /** How many such questions wait. */
  waiting(path: string): number {
    return this.questions.filter((one) => one.path.startsWith(path)).length;
  }

  get stream(): Stream {
    return this.sockets.at(-1)!;
  }

  #ask(path: string): Promise<Response> {
    const usual = [...this.#usual].find(([begin]) => path.startsWith(begin))?.[1];
    if (usual !== undefined) return Promise.resolve(Response.json(usual));
    return new Promise((resolve, reject) => {
      this.questions.push({
        path,
        answer: (body) => resolve(Response.json(body)),
        fail: () => reject(new TypeError('cut')),
      });
    });
  }

  /** The oldest such question. */
  #take(path: string): Question {
    const index = this.questions.findIndex((one) => one.path.startsWith(path));
    if (index < 0) throw new Error(`nobody asks for ${path}`);
    return this.questions.splice(index, 1)[0]!;
  }
}

/** The page's end of a stream. */
export class Stream {
  readyState = 0;
  readonly sent: { type: string; subjects: string[] }[] = [];
  readonly #heard = new Map<string, (event: { data?: unknown }) => void>();

  addEventListener(event: string, listener: (event: { data?: unknown }) => void): void {
    this.#heard.set(event, listener);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
  }

  async open(): Promise<void> {
    this.readyState = 1;
    this.#heard.get('open')?.({});
    await settled();
  }

  async say(frame: object): Promise<void> {
    this.#heard.get('message')?.({ data: JSON.stringify(frame) });
    await settled();
  }

  async lose(): Promise<void> {
    this.readyState = 3;
    this.#heard.get('close')?.({});
    await settled();
  }
}

/** Whatever follows from what was answered has been done; no time goes by. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
