import { WebhookSecret } from '@tandem/common';
import { describe, expect, it } from 'vitest';
import { newSecret } from './secret.ts';
import {
  keptSlots,
  mayTakeAway,
  secretsHint,
  secretsOf,
  slotName,
  withNewSlot,
  withoutSlot,
} from './secret-slots.ts';

const typed = (key: string) => `typed ${key}`;

describe('the secrets of an endpoint', () => {
  it('put a new one before the old one, of which only the mask is known', () => {
    const slots = withNewSlot(keptSlots(1), 'new-1');
    expect(secretsOf(slots, typed)).toEqual(['typed new-1', 'whsec_…']);
    expect(slots.map((slot) => slotName(slots, slot))).toEqual(['New secret', 'Stored secret']);
    expect(secretsHint(slots)).toContain('signed with both');
  });

  it('are at most two: a third finds no place', () => {
    const slots = keptSlots(2);
    expect(withNewSlot(slots, 'new-1')).toBe(slots);
  });

  it('of those that are stored give up the oldest first, since the others are named by their order', () => {
    const slots = keptSlots(2);
    expect(slots.map((slot) => slotName(slots, slot))).toEqual(['Stored secret', 'Older stored secret']);
    expect(slots.map(({ key }) => mayTakeAway(slots, key))).toEqual([false, true]);
    expect(withoutSlot(slots, 'kept-0')).toBe(slots);
    expect(secretsOf(withoutSlot(slots, 'kept-1'), typed)).toEqual(['whsec_…']);
  });

  it('say that nothing is signed when there is none', () => {
    expect(secretsHint([])).toContain('nothing is signed');
  });

  it('are made of 32 random bytes, in the form of Standard Webhooks', () => {
    const secret = newSecret((array) => array.fill(255));
    expect(secret).toBe(`whsec_${'/'.repeat(42)}8=`);
    expect(WebhookSecret.safeParse(secret).success).toBe(true);
  });
});
