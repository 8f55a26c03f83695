import { Budget, type Hurry } from './budget.ts';
import { type Dialect, MalformedAnswer, type Question } from './venues/venue.ts';

/** How long one answer may take, ms, and how large it may be, bytes. */
const patience = 5_000;
const largestAnswer = 16 * 1024 * 1024;
/** How long a question may wait for its turn, ms: whoever asks has something better to do than to wait out a ban. */
const turn = 5_000;

/** The venue did not answer, or not now: asking again later may help. */
export class RestUnavailable extends Error {
  override name = 'RestUnavailable';
}

/** The venue answered that it will not: asking the same again will not help soon. */
export class RestRefused extends Error {
  override name = 'RestRefused';
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** A venue's REST side: questions are admitted within the weight budget; limits and bans are obeyed. */
export class Rest {
  readonly #base: string;
  readonly #dialect: Dialect;
  readonly #signal: AbortSignal;
  readonly #budget: Budget;

  constructor(base: string, dialect: Dialect, signal: AbortSignal) {
    this.#base = base.replace(/\/+$/, '');
    this.#dialect = dialect;
    this.#signal = signal;
    this.#budget = new Budget(dialect.weightPerMinute, signal);
  }

  /**
   * Answers, or throws RestUnavailable, RestRefused or MalformedAnswer. What is in no hurry waits behind all other
   * questions for as long as the venue's budget demands.
   */
  async ask<Answer>(question: Question<Answer>, hurry: Hurry = { within: turn }): Promise<Answer> {
    try {
      await this.#budget.admit(question.weight, hurry);
    } catch (error) {
      throw new RestUnavailable(`${this.#base}${question.path} was not asked: ${reasonOf(error)}`);
    }
    const body = await this.#fetch(question.path);
    try {
      return question.read(body);
    } catch (error) {
      if (error instanceof MalformedAnswer)
        throw new MalformedAnswer(`${this.#base}${question.path}: ${error.message}`);
      throw error;
    }
  }

  async #fetch(path: string): Promise<unknown> {
    const url = this.#base + path;
    let response: Response;
    let text: string;
    try {
      const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(patience)]);
      response = await fetch(url, { headers: this.#dialect.headers, redirect: 'error', signal });
      text = await readCapped(response);
    } catch (error) {
      throw new RestUnavailable(`${url} did not answer: ${reasonOf(error)}`);
    }
    const used = Number(response.headers.get(this.#dialect.weightHeader));
    if (used > 0) this.#budget.used(used);
    if (!response.ok) throw this.#failure(url, response, text);
    try {
      return JSON.parse(text);
    } catch {
      throw new MalformedAnswer(`${url} answered something other than JSON`);
    }
  }

  #failure(url: string, response: Response, text: string): Error {
    const said = `${url} answered ${response.status}: ${text.slice(0, 200)}`;
    if (response.status === 429 || response.status === 418) {
      const seconds = Number(response.headers.get('retry-after'));
      const banned = Number(/until (\d{13})/.exec(text)?.[1]) - Date.now();
      const usual = response.status === 418 ? 120_000 : 16_000;
      const wait = seconds > 0 ? seconds * 1000 : banned > 0 ? banned : usual;
      this.#budget.block(Math.min(wait, 3 * 86_400_000));
      return new RestUnavailable(said);
    }
    if (response.status >= 500 || response.status === 408) return new RestUnavailable(said);
    return new RestRefused(said, response.status);
  }
}

async function readCapped(response: Response): Promise<string> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > largestAnswer) throw new Error(`the answer is larger than ${largestAnswer} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** fetch hides what went wrong in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}
