import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Endpoint,
  maskedEndpoint,
  maskedSecret,
  maskedUrl,
  unmaskedEndpoint,
  WebhookSecret,
} from './endpoint.ts';

const secret = (letter: string) => `whsec_${btoa(letter.repeat(32))}`;
const stored = Endpoint.parse({
  id: 'desk',
  url: 'https://user:word@hooks.example.com:8443/services/T0/B0/token?key=k#f',
  secrets: [secret('a'), secret('b')],
});

describe('an endpoint', () => {
  it('is an id and a URL; the rest has defaults', () => {
    expect(Endpoint.parse({ id: 'desk', url: 'https://example.com/' })).toEqual({
      id: 'desk',
      url: 'https://example.com/',
      shape: 'json',
      secrets: [],
      enabled: true,
    });
  });

  it('has at most two secrets, each of 24 to 64 random bytes in the form of Standard Webhooks', () => {
    const bytes = (count: number) => `whsec_${btoa('x'.repeat(count))}`;
    for (const count of [24, 25, 32, 64]) expect(WebhookSecret.safeParse(bytes(count)).success).toBe(true);
    for (const wrong of [
      bytes(23),
      bytes(65),
      bytes(32).slice(6),
      'whsec_',
      'whsec_!',
      `${bytes(32)}=`,
      '',
    ]) {
      expect(WebhookSecret.safeParse(wrong).success, wrong).toBe(false);
    }
    const three = { ...stored, secrets: [secret('a'), secret('b'), secret('c')] };
    expect(Endpoint.safeParse(three).success).toBe(false);
  });
});

describe('what may be shown of an endpoint', () => {
  it('of its URL the host, of its secrets how many there are', () => {
    expect(maskedEndpoint(stored)).toEqual({
      ...stored,
      url: 'https://hooks.example.com:8443/…',
      secrets: [maskedSecret, maskedSecret],
    });
    expect(maskedUrl('http://127.0.0.1:80')).toBe('http://127.0.0.1:80/');
    expect(maskedUrl('https://example.com?token=secret')).toBe('https://example.com/…');
    expect(maskedUrl('nonsense')).toBe('…');
  });

  it('never tells what is secret, wherever it stands in the URL', () => {
    const word = 'S3CRET';
    const part = fc.constantFrom('', word, `${word}:${word}`, `/${word}`, `?k=${word}`, `#${word}`);
    fc.assert(
      fc.property(part, part, part, (user, path, query) => {
        const url = `https://${user === '' || /[/?#]/.test(user) ? '' : `${user}@`}example.com/${path}${query}`;
        expect(maskedUrl(url)).not.toContain(word);
      }),
    );
  });

  it('comes back unchanged from an edit that leaves the masks alone', () => {
    expect(Endpoint.parse(unmaskedEndpoint(maskedEndpoint(stored), stored))).toEqual(stored);
    const { url: _, secrets: __, ...rest } = maskedEndpoint(stored);
    expect(Endpoint.parse(unmaskedEndpoint(rest, stored))).toEqual(stored);
  });

  it('takes a new secret beside the one that it replaces, and a new URL', () => {
    const edited = {
      ...maskedEndpoint(stored),
      url: 'https://example.org/x',
      secrets: [maskedSecret, secret('c')],
    };
    expect(unmaskedEndpoint(edited, stored)).toMatchObject({
      url: 'https://example.org/x',
      secrets: [secret('a'), secret('c')],
    });
    expect(Endpoint.safeParse(unmaskedEndpoint({ ...edited, secrets: [] }, stored)).data?.secrets).toEqual(
      [],
    );
  });

  it('keeps a secret that nobody can read any more behind the new one that takes its place', () => {
    const one = Endpoint.parse({ ...stored, secrets: [secret('a')] });
    const rotated = { ...maskedEndpoint(one), secrets: [secret('c'), maskedSecret] };
    expect(unmaskedEndpoint(rotated, one)).toMatchObject({ secrets: [secret('c'), secret('a')] });
    expect(unmaskedEndpoint(rotated, stored)).toMatchObject({ secrets: [secret('c'), secret('a')] });
  });

  it('puts a new secret before the old one, which nobody sees any more, and later takes the old one away', () => {
    const secretsAfter = (secrets: string[], before: string[]) =>
      Endpoint.parse(unmaskedEndpoint({ ...maskedEndpoint(stored), secrets }, { ...stored, secrets: before }))
        .secrets;
    const [old, young] = [secret('a'), secret('c')];
    expect(secretsAfter([young, maskedSecret], [old])).toEqual([young, old]);
    expect(secretsAfter([maskedSecret], [young, old])).toEqual([young]);
    expect(() => secretsAfter([maskedSecret, maskedSecret], [old])).toThrow('a secret is whsec_');
  });

  it('a mask is no secret of a new endpoint', () => {
    expect(Endpoint.safeParse(unmaskedEndpoint(maskedEndpoint(stored), undefined)).success).toBe(false);
  });
});
