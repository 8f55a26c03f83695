import { describe, expect, it } from 'vitest';
import { origin } from '../rows.fixture.ts';
import { delivery, endpointRow } from '../webhooks.fixture.ts';
import {
  deletionWords,
  endpointState,
  lastAge,
  originWords,
  severityWords,
  signedWords,
  testWords,
} from './endpoint.ts';
import { conflictWords, urlHint } from './endpoint-editor.ts';

describe('words about an endpoint', () => {
  it('say whether alerts go there, and if not, by whose will', () => {
    const state = (given: Parameters<typeof endpointRow>[0]) => endpointState(endpointRow(given), origin);
    expect(state({})).toMatchObject({ word: 'enabled', tone: 'good' });
    expect(state({ enabled: false })).toMatchObject({ word: 'off', tone: 'calm' });
    expect(state({ enabled: false, disabled: { at: origin, reason: 'it is gone' } })).toMatchObject({
      word: 'disabled by its receiver since 2024-08-08 13:00:00 UTC: it is gone',
      tone: 'trouble',
    });
    expect(state({ pausedUntil: origin + 60_000 })).toMatchObject({
      word: 'paused until 13:01:00 UTC: its receiver asked for it',
      tone: 'pending',
    });
    expect(state({ pausedUntil: origin })).toMatchObject({ word: 'enabled' });
  });

  it('say how it is signed, what is sent there and where it is written', () => {
    expect([0, 1, 2].map((count) => signedWords({ secrets: Array(count).fill('whsec_…') }))).toEqual([
      'unsigned',
      'signed',
      'signed, rotating',
    ]);
    expect([undefined, 'info', 'warning', 'critical'].map((one) => severityWords(one as undefined))).toEqual([
      'all',
      'all',
      'warning and critical',
      'critical',
    ]);
    expect(originWords({ configured: true, revision: 0 })).toBe('configuration');
    expect(originWords({ configured: true, revision: 3 })).toBe('document over the configuration');
    expect(lastAge(delivery(0), origin + 90_000)).toBe('30 s ago');
  });

  it('say what came of a test', () => {
    const test = { at: origin, took: 12.4, status: 204, answer: 'status 204', delivered: true, id: 'test' };
    expect(testWords(test)).toBe('Test at 13:00:00 UTC delivered: status 204, 12 ms.');
    expect(testWords({ ...test, delivered: false, status: null, answer: 'connection refused' })).toBe(
      'Test at 13:00:00 UTC not delivered: connection refused, 12 ms.',
    );
  });

  it('say before a deletion what it does', () => {
    const rules = [
      { id: 'divergence', endpoints: 'all' as const },
      { id: 'no-data', endpoints: ['desk'] },
    ];
    expect(deletionWords(endpointRow({ waiting: 3 }), rules)).toBe(
      'Delete desk? 3 deliveries that wait for it are given up. No alert is sent there any more. The rule no-data names it, and would tell it nothing any more. Its past deliveries stay listed.',
    );
    expect(deletionWords(endpointRow({ waiting: 1 }), [])).toContain(
      '1 delivery that waits for it is given up.',
    );
    expect(deletionWords(endpointRow({ configured: true }), rules)).toContain(
      'stays as the configuration has it',
    );
  });

  it('say in its editor what to know of its URL, and that somebody else was there', () => {
    expect(urlHint(endpointRow({ configured: true, revision: 0 }))).toContain('TANDEM_WEBHOOKS');
    expect(urlHint(endpointRow())).toContain('stays as it is');
    expect(urlHint(undefined)).toContain('only its host is shown');
    expect(conflictWords(endpointRow(), false)).toMatch(/^desk was changed by somebody else/);
    expect(conflictWords(endpointRow(), true)).toMatch(/^Somebody has deleted desk/);
    expect(conflictWords(undefined, false)).toMatch(/^Somebody else has made/);
  });
});
