import type { Bus } from './bus/bus.ts';
import { memoryBus } from './bus/memory.ts';
import { natsBus } from './bus/nats.ts';
import type { Condition } from './health.ts';
import type { Log } from './log.ts';
import { natsAddress, natsForm } from './nats-address.ts';
import { fileSettings } from './settings/files.ts';
import { memorySettings } from './settings/memory.ts';
import { natsSettings } from './settings/nats.ts';
import type { Settings } from './settings/settings.ts';
import { duckdbStore } from './store/duckdb.ts';
import { journaledStore } from './store/journaled.ts';
import { questdbStore } from './store/questdb.ts';
import { isQuestdb, questdbForm } from './store/questdb-address.ts';
import type { Store } from './store/store.ts';

/** Opens an adapter from what follows its scheme. */
type Open<Port> = (rest: string, log: Log | undefined, onState?: OnState) => Promise<Port>;

/** Told how the connection of an adapter is, if it has one, each time that it changes: for a health part. */
export type OnState = (condition: Condition, reason: string) => void;

interface Scheme<Port> {
  /** Its form, as the user writes it. */
  readonly form: string;
  readonly open: Open<Port>;
  /** Whether what follows the scheme makes sense to it. */
  readonly takes: (rest: string) => boolean;
}

const nothing = (rest: string) => rest === '';
const something = (rest: string) => rest !== '';
const reportTo = (log: Log | undefined, what: string) => (error: unknown, where: string) =>
  log?.error({ err: error, where }, `${what} threw`);
const isNats = (rest: string) => natsAddress(`nats:${rest}`) !== undefined;
const nats = (rest: string) => `nats:${rest}`;

const buses: Record<string, Scheme<Bus>> = {
  memory: {
    form: 'memory:',
    takes: nothing,
    open: async (_, log) => memoryBus({ onError: reportTo(log, 'a subscriber of the bus') }),
  },
  nats: {
    form: natsForm,
    takes: isNats,
    open: (rest, log, onState) =>
      natsBus(nats(rest), {
        ...{ log, onState },
        onError: (error, subject) =>
          log?.error(
            { err: error, subject },
            'a message could not be read or answered, or its subscriber threw:',
          ),
      }),
  },
};

const stores: Record<string, Scheme<Store>> = {
  duckdb: {
    form: 'duckdb:PATH',
    takes: something,
    open: embedded,
  },
  questdb: {
    form: questdbForm,
    takes: (rest) => isQuestdb(`questdb:${rest}`),
    open: (rest, log, onState) => questdbStore(`questdb:${rest}`, { log, onState }),
  },
};

/** The embedded store; one in a file has its journal beside it. */
async function embedded(path: string, log: Log | undefined): Promise<Store> {
  const store = await duckdbStore({
    path,
    onError: (error, where) => log?.warn({ err: error, where }, 'the store goes on, but something fails:'),
  });
  return path === ':memory:' ? store : journaledStore(store, `${path}.journal`);
}

const settings: Record<string, Scheme<Settings>> = {
  memory: {
    form: 'memory:',
    takes: nothing,
    open: async (_, log) => memorySettings({ onError: reportTo(log, 'a watcher of the settings') }),
  },
  file: {
    form: 'file:DIRECTORY',
    takes: something,
    open: (directory, log) =>
      fileSettings(directory, { onError: reportTo(log, 'a watcher of the settings') }),
  },
  nats: {
    form: natsForm,
    takes: isNats,
    open: (rest, log, onState) =>
      natsSettings(nats(rest), {
        ...{ log, onState },
        onError: (error, bucket) =>
          log?.error({ err: error, bucket }, 'a change could not be read, or its watcher threw:'),
      }),
  },
};

const ports = { bus: buses, store: stores, settings };

/** Opens the bus that a URL names, for example `memory:` or `nats://127.0.0.1:4222`. */
export function openBus(url: string, log?: Log, onState?: OnState): Promise<Bus> {
  return open('bus', buses, url, log, onState);
}

/** Opens the store that a URL names, for example `duckdb:./data/tandem.duckdb`, `duckdb::memory:` or `questdb://127.0.0.1:9000`. */
export function openStore(url: string, log?: Log, onState?: OnState): Promise<Store> {
  return open('store', stores, url, log, onState);
}

/** Opens the settings that a URL names, for example `file:./data/settings`, `memory:` or `nats://127.0.0.1:4222`. */
export function openSettings(url: string, log?: Log, onState?: OnState): Promise<Settings> {
  return open('settings', settings, url, log, onState);
}

/** Why no adapter of a port takes this URL, or undefined if one does. */
export function adapterFault(port: keyof typeof ports, url: string): string | undefined {
  const schemes: Record<string, Scheme<unknown>> = ports[port];
  if (find(schemes, url) !== undefined) return undefined;
  const forms = Object.values(schemes).map((scheme) => scheme.form);
  return `it is not known; known: ${forms.join(', ')}`;
}

async function open<Port>(
  port: keyof typeof ports,
  schemes: Record<string, Scheme<Port>>,
  url: string,
  log: Log | undefined,
  onState?: OnState,
): Promise<Port> {
  const found = find(schemes, url);
  if (found === undefined) throw new Error(`${port} "${url}" is refused: ${adapterFault(port, url)}`);
  return found.scheme.open(found.rest, log, onState);
}

function find<Port>(schemes: Record<string, Scheme<Port>>, url: string) {
  const colon = url.indexOf(':');
  const name = url.slice(0, Math.max(colon, 0));
  const scheme = Object.hasOwn(schemes, name) ? schemes[name] : undefined;
  const rest = url.slice(colon + 1);
  return scheme?.takes(rest) ? { scheme, rest } : undefined;
}
