import { maskedSecret } from '@tandem/common';

/** The most secrets that sign for one endpoint: the new one and the one that it replaces. */
export const mostSecrets = 2;

/** A place for a secret in the editor: a stored one, of which nothing is known, or one that is about to be stored. */
export interface SecretSlot {
  readonly key: string;
  readonly kept: boolean;
}

/** The places of what is stored. */
export function keptSlots(count: number): SecretSlot[] {
  return Array.from({ length: count }, (_, index) => ({ key: `kept-${index}`, kept: true }));
}

/** With a place for a new secret before the others: it signs first. Unchanged where there is no room. */
export function withNewSlot(slots: readonly SecretSlot[], key: string): readonly SecretSlot[] {
  return slots.length >= mostSecrets ? slots : [{ key, kept: false }, ...slots];
}

/** Whether a secret may be taken away: of the stored ones only the oldest, since the others are named by their order. */
export function mayTakeAway(slots: readonly SecretSlot[], key: string): boolean {
  const slot = slots.find((one) => one.key === key);
  return slot !== undefined && (!slot.kept || slots.filter(({ kept }) => kept).at(-1) === slot);
}

export function withoutSlot(slots: readonly SecretSlot[], key: string): readonly SecretSlot[] {
  return mayTakeAway(slots, key) ? slots.filter((slot) => slot.key !== key) : slots;
}

/** The secrets that are written, `typed` giving those of the new places. */
export function secretsOf(slots: readonly SecretSlot[], typed: (key: string) => string): string[] {
  return slots.map(({ key, kept }) => (kept ? maskedSecret : typed(key)));
}

/** What a place is called. */
export function slotName(slots: readonly SecretSlot[], { key, kept }: SecretSlot): string {
  if (!kept) return 'New secret';
  return slots.filter((slot) => slot.kept).length > 1 && key === 'kept-1'
    ? 'Older stored secret'
    : 'Stored secret';
}

/** What the secrets mean for the receiver. */
export function secretsHint(slots: readonly SecretSlot[]): string {
  if (slots.length === 0)
    return 'Without a secret nothing is signed: the receiver cannot tell that it is us.';
  if (slots.length === 1) return 'What is sent is signed with this secret, by Standard Webhooks.';
  return 'What is sent is signed with both, the upper one first. Take the lower one away when the receiver knows the upper one.';
}
