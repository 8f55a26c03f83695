import { isIP } from 'node:net';
import { isForbiddenAddress } from './forbidden-address.ts';
import type { Lookup } from './lookup.ts';

/** Why a URL may not be an endpoint, in one sentence, or undefined if it may. Names are checked again when they are resolved. */
export function endpointFault(url: string, allowPrivate: boolean): string | undefined {
  if (!URL.canParse(url)) return 'is not a URL; write it as https://host/path';
  const { protocol, username, password } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:')
    return `has the scheme ${protocol} - use https: or http:`;
  if (!isEncoded(username) || !isEncoded(password))
    return 'has a user or password with a % that encodes nothing; write it as %25';
  const host = hostOf(url);
  if (!allowPrivate && isIP(host) !== 0 && isForbiddenAddress(host)) {
    return `points at the private or reserved address ${host}; allow private addresses if that is meant`;
  }
  // These names mean this machine wherever they are resolved (RFC 6761), though not every resolver knows them.
  if (!allowPrivate && /(^|\.)localhost\.?$/i.test(host)) {
    return `points at ${host}, which is always at a private or reserved address; allow private addresses if that is meant`;
  }
  return undefined;
}

/** The same, with its name resolved as it is at present. A name without an address is no fault: it may get one. */
export async function resolvedFault(
  url: string,
  allowPrivate: boolean,
  lookup: Lookup,
): Promise<string | undefined> {
  const fault = endpointFault(url, allowPrivate);
  if (fault !== undefined || allowPrivate) return fault;
  const host = hostOf(url);
  const addresses = isIP(host) === 0 ? await lookup(host).catch(() => []) : [];
  const bad = addresses.find(({ address }) => isForbiddenAddress(address));
  if (bad === undefined) return undefined;
  return `points at ${host}, which is at the private or reserved address ${bad.address}; allow private addresses if that is meant`;
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}
