/** Where a NATS server is and who asks. */
export interface NatsAddress {
  /** `host:port`, for the driver. */
  readonly server: string;
  /** For logs and errors: without user, password and token. */
  readonly shown: string;
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
  readonly tls: boolean;
}

/** How a NATS address is written. */
export const natsForm = 'nats://[USER:PASSWORD@]HOST[:PORT][?tls]';

/** Reads `nats://[user:password@ or token@]host[:port][?tls]`; undefined if it is not one. */
export function natsAddress(url: string): NatsAddress | undefined {
  let parsed: URL;
  let user: string;
  let password: string;
  try {
    parsed = new URL(url);
    user = decodeURIComponent(parsed.username);
    password = decodeURIComponent(parsed.password);
  } catch {
    return undefined;
  }
  const { protocol, hostname, port, pathname, search, hash } = parsed;
  if (protocol !== 'nats:' || hostname === '' || hash !== '') return undefined;
  if ((pathname !== '' && pathname !== '/') || (search !== '' && search !== '?tls')) return undefined;
  const server = `${hostname}:${port || '4222'}`;
  const tls = search === '?tls';
  const place = { server, shown: `nats://${server}${search}`, tls };
  if (user === '') return password === '' ? place : undefined;
  return password === '' ? { ...place, token: user } : { ...place, user, password };
}
