import type { LookupAddress } from 'node:dns';
import { lookup as resolve } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { isForbiddenAddress } from './forbidden-address.ts';

/** All addresses of a name. */
export type Lookup = (hostname: string) => Promise<readonly LookupAddress[]>;

/** How many names are resolved at once: each takes one of the few threads that the store and files need too. */
const atOnce = 2;

/** Resolves names as the system does. Who asks for a name that is being resolved waits for the same answer. */
export function systemLookup(ask: Lookup = (hostname) => resolve(hostname, { all: true })): Lookup {
  const asked = new Map<string, Promise<readonly LookupAddress[]>>();
  const waiting: (() => void)[] = [];
  let running = 0;
  const inTurn = async (hostname: string) => {
    if (running >= atOnce) await new Promise<void>((turn) => waiting.push(turn));
    else running += 1;
    try {
      return await ask(hostname);
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
      asked.delete(hostname);
    }
  };
  return (hostname) => {
    const known = asked.get(hostname) ?? inTurn(hostname);
    asked.set(hostname, known);
    return known;
  };
}

/**
 * A lookup for a socket, which connects to what is checked here and nothing else: whatever a name pointed at before,
 * or will next (DNS rebinding), a name with any forbidden address is refused.
 */
export function guardedLookup(lookup: Lookup, allowPrivate: boolean): LookupFunction {
  return (hostname, options, callback) => {
    const family = options.family === 'IPv4' ? 4 : options.family === 'IPv6' ? 6 : (options.family ?? 0);
    lookup(hostname).then(
      (found) => {
        const bad = allowPrivate ? undefined : found.find(({ address }) => isForbiddenAddress(address));
        if (bad !== undefined) {
          const why = `${hostname} is at the private or reserved address ${bad.address}`;
          return callback(new Error(why), '', 0);
        }
        const addresses = found.filter((one) => family === 0 || one.family === family);
        const [first] = addresses;
        if (first === undefined) return callback(new Error(`${hostname} has no address`), '', 0);
        return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}
