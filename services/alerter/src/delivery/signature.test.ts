import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { alert } from './core/alert.fixture.ts';
import { bodyOf } from './core/shape.ts';
import { webhookHeaders } from './signature.ts';

const secret = () => `whsec_${randomBytes(32).toString('base64')}`;
const body = bodyOf('json', { alert: alert(), page: undefined, test: false });

describe('signatures, checked with the published package of Standard Webhooks', () => {
  it('a receiver that has the secret can tell that we sent it', () => {
    const ours = secret();
    const headers = webhookHeaders(alert().id, Date.now(), body, [ours]);
    expect(new Webhook(ours).verify(body, headers)).toMatchObject({ type: 'alert.firing', id: alert().id });
  });

  it('while one secret takes the place of another, either verifies', () => {
    const [old, next] = [secret(), secret()];
    const headers = webhookHeaders(alert().id, Date.now(), body, [next, old]);
    expect(headers['webhook-signature']).toMatch(/^v1,[A-Za-z0-9+/]{43}= v1,[A-Za-z0-9+/]{43}=$/);
    for (const one of [old, next]) expect(() => new Webhook(one).verify(body, headers)).not.toThrow();
    expect(() => new Webhook(secret()).verify(body, headers)).toThrow();
  });

  it('whatever is changed on the way is found out', () => {
    const ours = secret();
    const headers = webhookHeaders(alert().id, Date.now(), body, [ours]);
    const verify =
      (changed: object, text = body) =>
      () =>
        new Webhook(ours).verify(text, { ...headers, ...changed });
    expect(verify({})).not.toThrow();
    expect(verify({}, body.replace('SHORT_SPREAD', 'LONG_SPREAD'))).toThrow();
    expect(verify({}, `${body} `)).toThrow();
    expect(verify({ 'webhook-id': `${alert().id}0` })).toThrow();
    expect(verify({ 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) })).toThrow();
    expect(verify({ 'webhook-signature': 'v1,AAAA' })).toThrow();
  });

  it('what was recorded and is sent again too late is found out', () => {
    const ours = secret();
    const headers = webhookHeaders(alert().id, Date.now() - 3_600_000, body, [ours]);
    expect(() => new Webhook(ours).verify(body, headers)).toThrow(/too old/);
  });

  it('any text and any secret of the right length verify', () => {
    const secrets = fc.uint8Array({ minLength: 24, maxLength: 64 });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), secrets, (text, bytes) => {
        const ours = `whsec_${Buffer.from(bytes).toString('base64')}`;
        const json = JSON.stringify({ text });
        const headers = webhookHeaders('some-id', Date.now(), json, [ours]);
        expect(new Webhook(ours).verify(json, headers)).toEqual({ text });
      }),
      { numRuns: 50 },
    );
  });

  it('without a secret nothing is signed, and the id is there all the same', () => {
    expect(webhookHeaders('x', 1_700_000_000_999, body, [])).toEqual({
      'webhook-id': 'x',
      'webhook-timestamp': '1700000000',
    });
  });
});
