import { randomUUID } from 'node:crypto';
import {
  type Alert,
  faultsOf,
  faultText,
  Silence,
  SilenceRequest,
  silences,
  silencesBucket,
  UnsilenceRequest,
} from '@tandem/common';
import { Refusal, type ServiceContext } from '@tandem/runtime';

/** How long a silence is remembered after its end, ms. */
const remembered = 7 * 24 * 60 * 60_000;

export interface SilenceBookOptions {
  /** Whether the settings are watched: live data. Nothing else is ever silenced. */
  readonly documents: boolean;
  refuse(sentence: string): void;
}

/** The silences in force: the documents of the bucket `silences`. */
export class SilenceBook {
  readonly #context: Pick<ServiceContext, 'settings' | 'clock' | 'log'>;
  readonly #options: SilenceBookOptions;
  readonly #silences = new Map<string, Silence>();
  #stopWatching: () => void = () => {};

  constructor(context: Pick<ServiceContext, 'settings' | 'clock' | 'log'>, options: SilenceBookOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** Reads all, forgets those long over, and from then on follows their changes. */
  async open(): Promise<void> {
    if (!this.#options.documents) return;
    const { settings } = this.#context;
    this.#stopWatching = settings.watch(silencesBucket, (key, value) => this.#take(key, value));
    for (const { key, value } of await settings.list(silencesBucket)) this.#take(key, value);
    await this.#sweep();
  }

  close(): void {
    this.#stopWatching();
  }

  /** Why an alert is not delivered at this moment, in words; undefined if it is. */
  reason(alert: Pick<Alert, 'rule' | 'study'>, now: number): string | undefined {
    for (const silence of this.#silences.values()) {
      if (!silences(silence, alert, now)) continue;
      const said = silence.comment === '' ? '' : `: ${silence.comment}`;
      return `withheld: silenced by ${silence.by} until ${new Date(silence.until).toISOString()}${said}`;
    }
    return undefined;
  }

  /** Begins a silence; answers with it. */
  async begin(given: unknown): Promise<Silence> {
    const request = SilenceRequest.safeParse(given);
    if (!request.success) throw new Refusal(`the silence is refused: ${faultText(faultsOf(request.error))}`);
    const { from = this.#now, ...rest } = request.data;
    const silence = Silence.safeParse({ id: randomUUID(), from, ...rest });
    if (!silence.success) throw new Refusal(`the silence is refused: ${faultText(faultsOf(silence.error))}`);
    if (silence.data.until <= this.#now)
      throw new Refusal('the silence is refused: until: it would be over already');
    await this.#context.settings.put(silencesBucket, silence.data.id, silence.data, 0);
    this.#take(silence.data.id, silence.data);
    await this.#sweep();
    return silence.data;
  }

  /** Ends a silence at once. */
  async end(given: unknown): Promise<{ id: string }> {
    const request = UnsilenceRequest.safeParse(given);
    if (!request.success) throw new Refusal(`no silence is ended: ${faultText(faultsOf(request.error))}`);
    const { id } = request.data;
    const { settings } = this.#context;
    if ((await settings.get(silencesBucket, id)) === undefined)
      throw new Refusal(`there is no silence ${JSON.stringify(id)}: it may have ended`);
    await settings.delete(silencesBucket, id);
    this.#silences.delete(id);
    return { id };
  }

  get #now(): number {
    return (this.#context.clock ?? Date.now)();
  }

  #take(key: string, value: unknown): void {
    if (value === undefined) {
      this.#silences.delete(key);
      return;
    }
    const parsed = Silence.safeParse(value);
    if (parsed.success && parsed.data.id === key) {
      this.#silences.set(key, parsed.data);
      return;
    }
    // What is not understood silences nothing.
    this.#silences.delete(key);
    const why = parsed.success ? 'id: must be the document’s name' : faultText(faultsOf(parsed.error));
    this.#options.refuse(`silence ${JSON.stringify(key)} is refused and silences nothing: ${why}`);
  }

  async #sweep(): Promise<void> {
    const over = [...this.#silences.values()].filter(({ until }) => until + remembered <= this.#now);
    for (const { id } of over) {
      await this.#context.settings.delete(silencesBucket, id);
      this.#silences.delete(id);
    }
  }
}
