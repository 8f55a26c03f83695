import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acknowledgementKey } from './acknowledgement.ts';
import { longestSilence, Silence, silences } from './silence.ts';

const silence = { id: 'one', from: 1_000, until: 2_000, by: 'ada', comment: '' };
const alert = { rule: 'divergence', study: 'btc-eth-1m' };

describe('a silence', () => {
  it('holds from its beginning until just before its end', () => {
    expect([999, 1_000, 1_999, 2_000].map((now) => silences(silence, alert, now))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('covers a rule, a study, both together, or all', () => {
    const holds = (covered: object) => silences({ ...silence, ...covered }, alert, 1_500);
    expect(holds({ rule: 'divergence' })).toBe(true);
    expect(holds({ study: 'btc-eth-1m', rule: 'divergence' })).toBe(true);
    expect(holds({ rule: 'other' })).toBe(false);
    expect(holds({ study: 'btc-eth-1m', rule: 'other' })).toBe(false);
  });

  it('always ends, after 30 days at most', () => {
    const { until: _, ...endless } = silence;
    expect(Silence.safeParse(endless).success).toBe(false);
    expect(Silence.safeParse({ ...silence, until: 1_000 + longestSilence }).success).toBe(true);
    expect(Silence.safeParse({ ...silence, until: 1_001 + longestSilence }).success).toBe(false);
    expect(Silence.safeParse({ ...silence, until: 1_000 }).success).toBe(false);
  });
});

describe('the name of an acknowledgement', () => {
  it('is the alert’s id where that can be a name, and else short and its own', () => {
    expect(acknowledgementKey('divergence_btc-eth-1m_1723075200000_firing')).toBe(
      'divergence_btc-eth-1m_1723075200000_firing',
    );
    const slug = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,63}$/);
    fc.assert(
      fc.property(slug, slug, fc.nat(), fc.nat(), (rule, study, time, other) => {
        const id = (at: number) => `${rule}_${study}_${at}_inhibited`;
        expect(acknowledgementKey(id(time))).toMatch(/^[a-z0-9][a-z0-9._-]{0,99}$/);
        if (time !== other) expect(acknowledgementKey(id(time))).not.toBe(acknowledgementKey(id(other)));
      }),
    );
  });
});
