import { setTimeout as sleep } from 'node:timers/promises';
import { Endpoint, endpointsBucket, faultsOf, faultText } from '@tandem/common';
import { backoff, type Entry, type ServiceContext } from '@tandem/runtime';
import { endpointFault } from './endpoint-url.ts';

/** The most endpoints: each may have a few connections, and no other has to wait for them. */
const mostEndpoints = 50;

/** An endpoint as the configuration has it: an id and a URL are enough. */
export type ConfiguredEndpoint = Readonly<Partial<Endpoint> & Pick<Endpoint, 'id' | 'url'>>;

export interface EndpointBookOptions {
  /** Those of the configuration. */
  readonly configured: readonly ConfiguredEndpoint[];
  /** Whether those of the settings count too, and are watched. */
  readonly documents: boolean;
  readonly allowPrivate: boolean;
  readonly signal: AbortSignal;
  /** Told of an endpoint that may not be one, in one sentence, once per sentence. */
  refuse(sentence: string): void;
  /** Told, whenever all were read, of the refusals that stand. */
  standing?(refusals: readonly string[]): void;
  /** Told of an endpoint that is new, gone or not as it was. */
  changed(id: string): void;
}

/**
 * The endpoints in force: those of the configuration, and beside them the documents of the bucket `endpoints`. A
 * document with the id and the URL of a configured one takes its place; with another URL it is refused. Changes of
 * documents take effect at once.
 */
export class EndpointBook {
  readonly #context: Pick<ServiceContext, 'settings' | 'log' | 'clock'>;
  readonly #options: EndpointBookOptions;
  #endpoints: ReadonlyMap<string, Endpoint> = new Map();
  #told = new Set<string>();
  #reading: Promise<void> = Promise.resolve();
  #stopWatching: () => void = () => {};

  constructor(context: Pick<ServiceContext, 'settings' | 'log' | 'clock'>, options: EndpointBookOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** Reads all, and from then on follows their changes. */
  async open(): Promise<void> {
    const { settings } = this.#context;
    let asked = false;
    if (this.#options.documents) {
      // What is told is read again from the settings: a document may have changed once more.
      this.#stopWatching = settings.watch(endpointsBucket, () => {
        if (asked) return;
        asked = true;
        this.#reading = this.#reading.then(() => {
          asked = false;
          return this.#readPatiently();
        });
      });
    }
    await this.#read();
  }

  close(): Promise<void> {
    this.#stopWatching();
    return this.#reading;
  }

  all(): readonly Endpoint[] {
    return [...this.#endpoints.values()];
  }

  get(id: string): Endpoint | undefined {
    return this.#endpoints.get(id);
  }

  isConfigured(id: string): boolean {
    return this.#options.configured.some((one) => one.id === id);
  }

  /** Reads the documents as they are now: what was written is told of a little later. */
  async refresh(): Promise<void> {
    if (!this.#options.documents) return;
    const read = this.#reading.then(() => this.#read());
    this.#reading = read.catch(() => {});
    await read;
  }

  /** Why an endpoint of this id and URL would not come into force, as the rest of a sentence about it. */
  faultOf(id: string, url: string): string | undefined {
    const own = this.#options.configured.find((one) => one.id === id);
    if (own !== undefined && own.url !== url)
      return 'has the id of an endpoint of the configuration, with another URL: take another id';
    const isNew = !this.#endpoints.has(id);
    if (isNew && this.#endpoints.size >= mostEndpoints)
      return `would be one too many: there are already ${mostEndpoints} endpoints; delete one`;
    return undefined;
  }

  /** Switches off an endpoint whose receiver is gone for good, in its document too, with the reason. */
  async disable(endpoint: Endpoint, reason: string): Promise<void> {
    const { settings, clock = Date.now } = this.#context;
    const disabled: Endpoint = { ...endpoint, enabled: false, disabled: { at: clock(), reason } };
    if (this.#options.documents) {
      const entry = await settings.get(endpointsBucket, endpoint.id);
      const stored = Endpoint.safeParse(entry?.value).data;
      // Who has given it another URL meanwhile means another receiver.
      if (stored !== undefined && stored.url !== endpoint.url) return;
      await settings.put(
        endpointsBucket,
        endpoint.id,
        { ...(stored ?? disabled), enabled: false, disabled: disabled.disabled },
        entry?.revision ?? 0,
      );
    }
    this.#take(new Map(this.#endpoints).set(endpoint.id, disabled));
  }

  async #readPatiently(): Promise<void> {
    for (let attempt = 1; !this.#options.signal.aborted; attempt++) {
      try {
        return await this.#read();
      } catch (error) {
        this.#context.log.warn({ err: error }, 'the endpoints could not be read; trying again:');
        const signal = this.#options.signal;
        await sleep(backoff(attempt, Math.random()), undefined, { signal }).catch(() => {});
      }
    }
  }

  async #read(): Promise<void> {
    const { configured, documents } = this.#options;
    const entries = documents ? await this.#context.settings.list(endpointsBucket) : [];
    const found = new Map<string, Endpoint>();
    const refusals: string[] = [];
    const refuse = (id: string, why: string) =>
      refusals.push(`endpoint ${JSON.stringify(id)} is refused: ${why}`);
    for (const one of configured) {
      const endpoint = this.#accepted(one, one.id, refuse);
      if (endpoint === undefined) continue;
      if (found.has(one.id)) refuse(one.id, 'it has the id of another');
      else found.set(one.id, endpoint);
    }
    for (const { key, value } of entries satisfies Entry[]) {
      const endpoint = this.#accepted(value, key, refuse);
      if (endpoint === undefined) continue;
      const own = configured.find(({ id }) => id === key);
      if (own !== undefined && own.url !== endpoint.url)
        refuse(key, 'the configuration has an endpoint of that id with another URL');
      else found.set(key, endpoint);
    }
    const kept = [...found].slice(0, mostEndpoints);
    for (const [id] of [...found].slice(mostEndpoints)) {
      refuse(id, `there are already ${mostEndpoints} endpoints; delete one`);
    }
    for (const sentence of refusals) if (!this.#told.has(sentence)) this.#options.refuse(sentence);
    this.#told = new Set(refusals);
    this.#options.standing?.(refusals);
    this.#take(new Map(kept));
  }

  #accepted(value: unknown, id: string, refuse: (id: string, why: string) => void): Endpoint | undefined {
    const parsed = Endpoint.safeParse(value);
    if (!parsed.success) refuse(id, faultText(faultsOf(parsed.error)));
    else if (parsed.data.id !== id) refuse(id, `id: must be ${JSON.stringify(id)}`);
    else {
      const fault = endpointFault(parsed.data.url, this.#options.allowPrivate);
      if (fault === undefined) return parsed.data;
      refuse(id, `it ${fault}`);
    }
    return undefined;
  }

  #take(next: ReadonlyMap<string, Endpoint>): void {
    const before = this.#endpoints;
    this.#endpoints = next;
    for (const id of new Set([...before.keys(), ...next.keys()])) {
      const same = JSON.stringify(before.get(id)) === JSON.stringify(next.get(id));
      if (!same) this.#options.changed(id);
    }
  }
}
