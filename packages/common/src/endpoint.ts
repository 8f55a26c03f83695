import { z } from 'zod';
import { Severity } from './severity.ts';
import { Time } from './tick.ts';

export const EndpointId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'an endpoint id is a slug, for example desk');

/** How an alert is written for whoever receives it. */
export const Shape = z.enum(['json', 'slack', 'discord']);
export type Shape = z.infer<typeof Shape>;

/** The fewest and the most bytes of a secret, as Standard Webhooks has them. */
const secretBytes = { least: 24, most: 64 };
const secretText = `a secret is whsec_ and then ${secretBytes.least} to ${secretBytes.most} random bytes in base64`;

/** A secret that signs what is sent, in the form of Standard Webhooks. */
export const WebhookSecret = z.string().refine((text) => {
  const [, base64] =
    /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/.exec(text) ?? [];
  if (base64 === undefined) return false;
  const bytes = (base64.length / 4) * 3 - (base64.match(/=/g)?.length ?? 0);
  return bytes >= secretBytes.least && bytes <= secretBytes.most;
}, secretText);

/** Why an endpoint was disabled by us, not by its owner. */
const Disabled = z.strictObject({ at: Time, reason: z.string() });

/** A receiver of alerts. Its URL and its secrets never leave in an answer or a log: see `maskedEndpoint`. */
export const Endpoint = z.strictObject({
  id: EndpointId,
  name: z.string().max(100).optional(),
  url: z
    .string()
    .max(2_048)
    .refine((url) => !url.endsWith('/…'), 'this stands in place of a URL; write the whole of it'),
  shape: Shape.default('json'),
  /** None: what is sent is not signed. Two while one takes the other's place: either verifies. */
  secrets: z
    .array(WebhookSecret)
    .max(2, 'at most two secrets: the new one and the one that it replaces')
    .default([]),
  enabled: z.boolean().default(true),
  /** Alerts below it are not sent here. */
  minimumSeverity: Severity.optional(),
  /** Set when the receiver said that it is gone (410): by whom `enabled` became false, and why. */
  disabled: Disabled.optional(),
});
export type Endpoint = z.infer<typeof Endpoint>;

/** Documents of endpoints, by id. */
export const endpointsBucket = 'endpoints';

/** What stands in an answer in place of a secret. */
export const maskedSecret = 'whsec_…';

/** An endpoint as it may be shown: of its URL the host alone, of its secrets how many there are. */
export function maskedEndpoint(endpoint: Endpoint): Endpoint {
  return { ...endpoint, url: maskedUrl(endpoint.url), secrets: endpoint.secrets.map(() => maskedSecret) };
}

/** An endpoint as the alerter shows it: masked, with how it is doing. `rpc.alerter.endpoints` answers a list of them. */
export const EndpointView = Endpoint.extend({
  /** Of each secret its mask. */
  secrets: z.array(z.string()),
  /** Whether it comes from the configuration, and so is there without a document. */
  configured: z.boolean(),
  /** Deliveries that have not ended. */
  waiting: z.int().min(0),
  /** Until when its receiver asked to be left alone; null if it did not. */
  pausedUntil: Time.nullable(),
  /** That it is written down and not in force; the status says why. Left out where it is. */
  refused: z.literal(true).optional(),
});
export type EndpointView = z.infer<typeof EndpointView>;

/**
 * `rpc.alerter.check-endpoint`: whether alerts may be posted to a URL, its name resolved as it is now; with an id also
 * whether an endpoint of that id and URL would come into force.
 */
export const CheckEndpointRequest = z.strictObject({ url: z.string().max(2_048), id: EndpointId.optional() });
export type CheckEndpointRequest = z.infer<typeof CheckEndpointRequest>;
export const CheckEndpointAnswer = z.strictObject({
  /** How it is at fault, as the rest of a sentence about it: "points at …"; null if it is not. */
  fault: z.string().nullable(),
});
export type CheckEndpointAnswer = z.infer<typeof CheckEndpointAnswer>;

/** A URL without what may be secret in it: user, password, path and query. */
export function maskedUrl(url: string): string {
  const origin = /^(https?:\/\/)(?:[^/?#]*@)?([^/?#@]+)/i.exec(url);
  if (origin === null) return '…';
  const rest = url.slice(origin[0].length);
  return `${origin[1]}${origin[2]}${rest === '' || rest === '/' ? '/' : '/…'}`;
}

/**
 * What an edited endpoint says, as text from outside: where it repeats what was masked, the stored value is meant. The
 * first masked secret is the first stored one wherever it stands, so that a new secret can be put before one that
 * nobody sees any more. Undefined `stored`: it is a new one, and a mask in it is refused by the schema.
 */
export function unmaskedEndpoint(edited: unknown, stored: Endpoint | undefined): unknown {
  if (stored === undefined || typeof edited !== 'object' || edited === null) return edited;
  const { url, secrets, ...rest } = edited as Partial<Record<keyof Endpoint, unknown>>;
  // Masks stand for the stored ones in their order, the newest first: a new one may be put before them.
  const left = [...stored.secrets];
  return {
    ...rest,
    url: url === undefined || url === maskedUrl(stored.url) ? stored.url : url,
    secrets: Array.isArray(secrets)
      ? secrets.map((one) => (one === maskedSecret ? (left.shift() ?? one) : one))
      : (secrets ?? stored.secrets),
  };
}
