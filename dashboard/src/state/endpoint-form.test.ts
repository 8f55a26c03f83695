import { describe, expect, it } from 'vitest';
import { endpointRow } from '../webhooks.fixture.ts';
import { blankForm, documentOf, formFaults, formOf, refusalFaults } from './endpoint-form.ts';
import { newSecret } from './secret.ts';

const secret = newSecret((array) => array);
const filled = { ...blankForm, id: 'desk', url: 'https://example.com/hook' };

describe('the form of an endpoint', () => {
  it('writes no more than what was said', () => {
    expect(documentOf({ ...filled, id: ' desk ', name: ' ' }, undefined)).toEqual({
      id: 'desk',
      url: 'https://example.com/hook',
      shape: 'json',
      secrets: [],
      enabled: true,
    });
  });

  it('gives back unchanged what it was opened for, masks and all', () => {
    const row = endpointRow({ name: 'The desk', minimumSeverity: 'warning' });
    const { configured: _, waiting: __, pausedUntil: ___, revision: ____, ...document } = row;
    expect(documentOf(formOf(row), row)).toEqual(document);
    expect(formFaults(formOf(row), row, [])).toEqual({});
  });

  it('keeps why a receiver was switched off for as long as it stays off', () => {
    const row = endpointRow({ enabled: false, disabled: { at: 5, reason: 'it is gone (410)' } });
    expect(documentOf(formOf(row), row)).toMatchObject({ disabled: row.disabled });
    expect(documentOf({ ...formOf(row), enabled: true }, row)).not.toHaveProperty('disabled');
  });

  it('asks for the whole URL of an endpoint that has no document yet', () => {
    const row = endpointRow({ configured: true, revision: 0, secrets: [] });
    expect(formOf(row).url).toBe('');
    expect(formFaults(formOf(row), row, [])).toEqual({ url: 'Write the URL that alerts are posted to.' });
  });

  it('says by the field what is wrong', () => {
    expect(formFaults({ ...filled, id: 'The Desk' }, undefined, [])).toEqual({
      id: 'An endpoint id is a slug, for example desk.',
    });
    expect(formFaults({ ...filled, secrets: ['whsec_short'] }, undefined, []).secrets).toMatch(
      /^A secret is whsec_ and then/,
    );
    expect(formFaults(filled, undefined, ['desk']).id).toMatch(/^There is an endpoint of this id already/);
  });

  it('takes a mask for a secret only where one is stored', () => {
    const row = endpointRow();
    expect(formFaults({ ...formOf(row), secrets: [secret, 'whsec_…'] }, row, [])).toEqual({});
    expect(formFaults({ ...formOf(row), secrets: ['whsec_…', 'whsec_…'] }, row, [])).toHaveProperty(
      'secrets',
    );
    expect(formFaults({ ...filled, secrets: ['whsec_…'] }, undefined, [])).toHaveProperty('secrets');
  });

  it('says a refusal of the server by the field that it is about, in the words of the server', () => {
    const address =
      'The endpoint is refused: it points at the private or reserved address 10.0.0.1 (request 5)';
    expect(refusalFaults(address, 422)).toEqual({ url: address });
    const name = 'The endpoint is refused: name: Too big (request 5)';
    expect(refusalFaults(name, 400)).toEqual({ name });
    const id = 'The id is refused: an endpoint id is a slug, for example desk.';
    expect(refusalFaults(id, 400)).toEqual({ id });
    expect(refusalFaults('the server does not answer', undefined)).toEqual({
      form: 'the server does not answer',
    });
  });
});
