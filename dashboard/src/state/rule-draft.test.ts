import { presets } from '@tandem/common';
import { describe, expect, it } from 'vitest';
import { draftOf, freeId, newDraft, readDraft, switchDraft } from './rule-draft.ts';

const stored = { ...presets.divergence.rule(), revision: 3 };

describe('a rule that is being edited', () => {
  it('says the same in the form and in the JSON, and goes from one to the other', () => {
    const draft = draftOf(stored);
    draft.form!.bars = '4';
    expect(switchDraft(draft, true)).toBe(true);
    draft.json = draft.json.replace('"bars": 4', '"bars": 5');
    expect(switchDraft(draft, false)).toBe(true);
    expect(readDraft(draft)).toMatchObject({ rule: { bars: 5, when: stored.when } });
  });

  it('stays JSON while it is none, or says more than the form can', () => {
    const draft = newDraft(presets.divergence.rule());
    switchDraft(draft, true);
    draft.json = '{';
    expect(switchDraft(draft, false)).toBe(false);
    expect(readDraft(draft)).toMatchObject({
      faults: [{ path: '', reason: expect.stringContaining('not JSON') }],
    });
    const within = {
      any: [{ all: [{ field: 'z', is: '>=', value: 2 }] }, { field: 'z', is: '<=', value: -2 }],
    };
    draft.json = JSON.stringify({ id: 'deep', when: within, scope: 'all' });
    expect(switchDraft(draft, false)).toBe(false);
    expect(readDraft(draft)).toMatchObject({ rule: { id: 'deep' } });
  });

  it('names each fault by its place', () => {
    const draft = draftOf(stored);
    draft.form!.when[1]!.field = 'correlation';
    expect(readDraft(draft)).toMatchObject({ faults: [{ path: 'when.all.1.field' }] });
  });

  it('gets an id that is not taken', () => {
    expect(freeId('divergence', [])).toBe('divergence');
    expect(freeId('divergence', ['divergence', 'divergence-2'])).toBe('divergence-3');
  });
});
