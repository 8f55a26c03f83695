/** What a request says about where it comes from. */
export interface Provenance {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`, which a page cannot forge. */
  readonly site: string | undefined;
  readonly upgrade: boolean;
}

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Why a request is refused, in one sentence, or undefined if it may pass.
 *
 * The Host check stops DNS rebinding: a stranger's name that resolves to this machine is not one of ours.
 * The Origin check stops other pages in the same browser from opening the stream or changing anything;
 * programs that are no browsers send no Origin and pass.
 */
export function refusal(
  from: Provenance,
  bound: string,
  allowedHosts: readonly string[],
): string | undefined {
  const host = from.host?.toLowerCase();
  if (host === undefined || !isOurs(host, bound, allowedHosts)) {
    return `The Host header ${quote(from.host)} is not a name of this server; add it to the allowed hosts if it should be.`;
  }
  if (!from.upgrade && (from.method === 'GET' || from.method === 'HEAD')) return undefined;
  if (from.origin !== undefined && !sameOrigin(from.origin, host, allowedHosts)) {
    return `The Origin ${quote(from.origin)} may not use this server; open the dashboard from the server's own address.`;
  }
  if (from.origin === undefined && from.site !== undefined && !['same-origin', 'none'].includes(from.site)) {
    return 'A page of another site may not use this server; open the dashboard from its own address.';
  }
  return undefined;
}

function isOurs(host: string, bound: string, allowedHosts: readonly string[]): boolean {
  const name = withoutPort(host);
  const known = [...loopbackNames, bound.includes(':') ? `[${bound}]` : bound, ...allowedHosts];
  return known.some((entry) => entry.toLowerCase() === name || entry.toLowerCase() === host);
}

function sameOrigin(origin: string, host: string, allowedHosts: readonly string[]): boolean {
  const match = /^https?:\/\/([^/?#@\s]+)$/.exec(origin.toLowerCase());
  if (match === null) return false;
  const from = match[1]!;
  return (
    from === host ||
    allowedHosts.some((entry) => entry.toLowerCase() === from || entry.toLowerCase() === withoutPort(from))
  );
}

function withoutPort(host: string): string {
  return host.replace(/:\d{1,5}$/, '');
}

function quote(text: string | undefined): string {
  return text === undefined ? '(absent)' : JSON.stringify(text.slice(0, 100));
}
