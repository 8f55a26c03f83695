import { z } from 'zod';
import { Person } from './silence.ts';
import { Time } from './tick.ts';

/** Documents of acknowledgements, by `acknowledgementKey`. */
export const acknowledgementsBucket = 'acknowledgements';

const alert = z.string().min(1).max(300).describe('Id of the alert');
const comment = z.string().max(500);

/** Somebody has seen an alert and takes care of it. */
export const Acknowledgement = z.strictObject({
  alert,
  by: Person,
  /** When, by our clock. */
  at: Time,
  comment,
});
export type Acknowledgement = z.infer<typeof Acknowledgement>;

/** `rpc.alerter.acknowledge`. */
export const AcknowledgeRequest = z.strictObject({ alert, by: Person, comment: comment.default('') });
export type AcknowledgeRequest = z.input<typeof AcknowledgeRequest>;

const longest = 100;

/** The document's name: the alert's id, or, where that is too long for a name, its beginning and a number made of all of it. */
export function acknowledgementKey(id: string): string {
  if (id.length <= longest && /^[a-z0-9][a-z0-9._-]*$/.test(id)) return id;
  // FNV-1a, twice with different beginnings: 64 bits.
  const hash = (begin: number): string => {
    let value = begin;
    for (let at = 0; at < id.length; at++) value = Math.imul(value ^ id.charCodeAt(at), 0x01000193) >>> 0;
    return value.toString(36).padStart(7, '0');
  };
  return `a${id
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, '-')
    .slice(0, 80)}.${hash(0x811c9dc5)}${hash(0x01234567)}`;
}
