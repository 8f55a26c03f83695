import { Endpoint, type Fault, faultsOf, maskedSecret, type Shape } from '@tandem/common';
import type { EndpointRow } from './endpoint-row.ts';

/** What the editor of an endpoint holds: what is typed, as it is typed. */
export interface EndpointForm {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly shape: Shape;
  /** The first signs first. Of a stored secret its mask alone is known. */
  readonly secrets: readonly string[];
  readonly enabled: boolean;
  /** The least that is sent; info is everything. */
  readonly minimumSeverity: 'info' | 'warning' | 'critical';
}

export type EndpointField = keyof EndpointForm;
/** What is wrong, by the field where it is said; `form` where no field is to blame. */
export type EndpointFaults = Readonly<Partial<Record<EndpointField | 'form', string>>>;

export const blankForm: EndpointForm = {
  id: '',
  name: '',
  url: '',
  shape: 'json',
  secrets: [],
  enabled: true,
  minimumSeverity: 'info',
};

/** A listed endpoint, opened for a change. One that has no document yet needs its whole URL once. */
export function formOf(row: EndpointRow): EndpointForm {
  return {
    id: row.id,
    name: row.name ?? '',
    url: row.revision === 0 && row.url.endsWith('/…') ? '' : row.url,
    shape: row.shape,
    secrets: row.revision === 0 ? [] : row.secrets,
    enabled: row.enabled,
    minimumSeverity: row.minimumSeverity ?? 'info',
  };
}

/** The document that is written. What the form does not show of the stored one is kept. */
export function documentOf(form: EndpointForm, stored: EndpointRow | undefined): Record<string, unknown> {
  const name = form.name.trim();
  return {
    id: form.id.trim(),
    ...(name === '' ? {} : { name }),
    url: form.url.trim(),
    shape: form.shape,
    secrets: form.secrets.map((secret) => secret.trim()),
    enabled: form.enabled,
    ...(form.minimumSeverity === 'info' ? {} : { minimumSeverity: form.minimumSeverity }),
    // Why a receiver was switched off stays known for as long as it stays off.
    ...(stored?.disabled === undefined || form.enabled ? {} : { disabled: stored.disabled }),
  };
}

/** What is wrong with a form before the server is asked. `taken`: the ids of the other endpoints. */
export function formFaults(
  form: EndpointForm,
  stored: EndpointRow | undefined,
  taken: readonly string[],
): EndpointFaults {
  const document = documentOf(form, stored);
  if (document.url === '') return { url: 'Write the URL that alerts are posted to.' };
  if (stored === undefined && taken.includes(String(document.id)))
    return { id: 'There is an endpoint of this id already: edit that one, or choose another id.' };
  const masks = stored === undefined || stored.revision === 0 ? 0 : stored.secrets.length;
  const parsed = Endpoint.safeParse(unmasked(document, stored, masks));
  return parsed.success ? {} : byField(faultsOf(parsed.error));
}

const plausible = { url: 'https://masked.example/', secret: `whsec_${btoa('x'.repeat(32))}` };

/** The document with something in place of what only the server knows, so that the schema judges the rest. */
function unmasked(
  document: Record<string, unknown>,
  stored: EndpointRow | undefined,
  masks: number,
): Record<string, unknown> {
  let kept = 0;
  const secrets = (document.secrets as string[]).map((secret) =>
    secret === maskedSecret && kept++ < masks ? plausible.secret : secret,
  );
  const url = stored !== undefined && document.url === stored.url ? plausible.url : document.url;
  return { ...document, url, secrets };
}

function byField(faults: readonly Fault[]): EndpointFaults {
  const found: Partial<Record<EndpointField | 'form', string>> = {};
  for (const { path, reason } of faults) {
    const field = fieldOf(path) ?? 'form';
    const sentence = field === 'form' && path !== '' ? `${path}: ${reason}` : reason;
    found[field] ??= `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
  }
  return found;
}

function fieldOf(path: string): EndpointField | undefined {
  return (Object.keys(blankForm) as EndpointField[]).find((field) => field === path.split('.')[0]);
}

/** Where a refusal of the server is said: by the field that it is about, its sentence as it is. */
export function refusalFaults(message: string, status: number | undefined): EndpointFaults {
  if (status === 422) return { url: message };
  const path = status === 400 ? /^The (?:(id) is|endpoint is refused: (\w+))/.exec(message) : null;
  return { [fieldOf(path?.[1] ?? path?.[2] ?? '') ?? 'form']: message };
}
