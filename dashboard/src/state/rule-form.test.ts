import { presets, Rule, type RuleDraft } from '@tandem/common';
import { describe, expect, it } from 'vitest';
import { documentOf, formOf, formOfDocument, noComparing, readJson, ruleJson } from './rule-form.ts';

describe('the form of a rule', () => {
  const form = formOf(presets.divergence.rule())!;

  it.each(Object.entries(presets))('gives the preset %s back as it was put in', (_, preset) => {
    const rule = preset.rule();
    expect(Rule.parse(documentOf(formOf(rule)!))).toEqual(rule);
  });

  it('gives back alternatives, named studies, receivers, a mode and fractions of a minute', () => {
    const rule = Rule.parse({
      id: 'mine',
      name: 'Mine',
      when: {
        any: [
          { field: 'z', is: '<=', value: -2.25 },
          { field: 'regime', is: '!=', value: 'trending' },
        ],
      },
      rearm: { field: 'z', is: '>=', value: 0 },
      bars: 3,
      cooldown: 90_500,
      scope: { studies: ['btc-eth-1m', 'sol-eth-1m'] },
      mode: 'every',
      endpoints: ['desk'],
      enabled: false,
    } satisfies RuleDraft);
    expect(Rule.parse(documentOf(formOf(rule)!))).toEqual(rule);
  });

  it('leaves a rule that says more than it can to be edited as JSON', () => {
    const within = { all: [{ field: 'z', is: '>=', value: 2 }] };
    const rule = {
      id: 'deep',
      when: { any: [within, { field: 'edgeBps', is: '>', value: 10 }] },
      scope: 'all',
    };
    expect(formOfDocument(rule)).toBeUndefined();
    expect(formOfDocument({ id: 'none' })).toBeUndefined();
  });

  it.each([
    ['90 s', 90_000],
    ['15', 900_000],
    ['1.5 h', 5_400_000],
    ['0', 0],
    ['soon', 'soon'],
    ['15 parsecs', '15 parsecs'],
  ])('takes %s for a cooldown of %s ms', (cooldown, ms) => {
    expect(documentOf({ ...form, cooldown }).cooldown).toBe(ms);
  });

  it('leaves out what is empty and keeps what is no number, for the schema to refuse by its field', () => {
    const when = [{ field: '|z|', is: '>=', value: 'two' }];
    const document = documentOf({ ...form, when, rearm: noComparing, bars: '' });
    expect(document).toMatchObject({ when: { field: '|z|', is: '>=', value: 'two' } });
    expect(document).not.toHaveProperty('bars');
    expect(document).not.toHaveProperty('rearm');
  });

  it('shows the JSON of a rule without what the server sets, and says where a text is no JSON', () => {
    const text = ruleJson({ ...presets.divergence.rule(), effectiveFrom: 1, revision: 4 });
    expect(text).not.toMatch(/effectiveFrom|revision/);
    expect(readJson(text)).toEqual({ document: JSON.parse(text) });
    expect(readJson('{')).toMatchObject({ fault: expect.stringContaining('This is not JSON') });
  });
});
