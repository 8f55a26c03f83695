import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isForbiddenAddress } from '@tandem/alerter';
import type { TandemConfiguration } from '@tandem/runtime';
import { type Finding, ok, problem, warning } from './finding.ts';
import { patience } from './web.ts';

/** Whether alerts may be posted where the settings say. Nothing is posted, and of the secret URLs only hosts are shown. */
export function checkWebhooks(configuration: TandemConfiguration): Promise<Finding[]> {
  const { webhooks, webhookPrivate } = configuration;
  return Promise.all(
    webhooks.map((url, index) => checkWebhook(`webhook ${index + 1}`, new URL(url), webhookPrivate)),
  );
}

async function checkWebhook(what: string, url: URL, allowPrivate: boolean): Promise<Finding> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const addresses = isIP(host) === 0 ? await resolved(host) : [host];
  if (typeof addresses === 'string')
    return warning(
      what,
      `${host} has no address now (${addresses})`,
      'check the name in TANDEM_WEBHOOKS, and the network',
    );
  const refused = allowPrivate ? undefined : addresses.find(isForbiddenAddress);
  if (refused !== undefined)
    return problem(
      what,
      `${host} is not on the public internet (${refused}), and is refused`,
      'set TANDEM_WEBHOOK_PRIVATE=true if it should be posted to',
    );
  if (url.protocol === 'http:' && !allowPrivate)
    return warning(what, `${host} is posted to without encryption`, 'use https://');
  return ok(what, `${host} may be posted to`);
}

/** The addresses of a name, or why it has none. */
async function resolved(host: string): Promise<string[] | string> {
  const late = new Promise<string>((resolve) => setTimeout(resolve, patience, 'no answer').unref());
  const found = lookup(host, { all: true }).then(
    (all) => all.map(({ address }) => address),
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
  return Promise.race([found, late]);
}
