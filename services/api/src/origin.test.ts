import { describe, expect, it } from 'vitest';
import { type Provenance, refusal } from './origin.ts';

const request = (given: Partial<Provenance>): Provenance => ({
  method: 'GET',
  host: 'localhost:8080',
  origin: undefined,
  site: undefined,
  upgrade: false,
  ...given,
});
const judge = (given: Partial<Provenance>, allowed: string[] = []) =>
  refusal(request(given), '127.0.0.1', allowed);

describe('who may use the server', () => {
  it('lets this machine read by each of its loopback names', () => {
    for (const host of ['localhost:8080', '127.0.0.1:8080', '[::1]:8080', 'LOCALHOST']) {
      expect(judge({ host })).toBeUndefined();
    }
  });

  it('refuses a stranger name that resolves to this machine, as in DNS rebinding', () => {
    for (const host of [
      'evil.example:8080',
      'localhost.evil.example',
      '127.0.0.1.evil.example:8080',
      '',
      undefined,
    ]) {
      expect(judge({ host })).toContain('Host header');
    }
  });

  it('lets a name pass that the settings allow, and only that', () => {
    expect(judge({ host: 'desk.example:8080' }, ['desk.example'])).toBeUndefined();
    expect(judge({ host: 'other.example:8080' }, ['desk.example'])).toBeDefined();
  });

  it('opens the stream for a page of its own origin and for programs without one', () => {
    expect(judge({ upgrade: true, origin: 'http://localhost:8080' })).toBeUndefined();
    expect(judge({ upgrade: true })).toBeUndefined();
  });

  it('refuses the stream to any other page, also one on another port of this machine', () => {
    for (const origin of [
      'https://evil.example',
      'http://localhost:3000',
      'null',
      'file://',
      'http://localhost:8080@evil.example',
    ]) {
      expect(judge({ upgrade: true, origin })).toContain('Origin');
    }
  });

  it('refuses changes from other pages, also where the browser sends no Origin', () => {
    expect(judge({ method: 'POST', origin: 'https://evil.example' })).toContain('Origin');
    expect(judge({ method: 'POST', site: 'cross-site' })).toContain('another site');
    expect(judge({ method: 'POST', origin: 'http://localhost:8080', site: 'same-origin' })).toBeUndefined();
  });

  it('never repeats more of a hostile header than a line can bear', () => {
    expect(judge({ host: 'x'.repeat(50_000) })!.length).toBeLessThan(300);
  });
});
