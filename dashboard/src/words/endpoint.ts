import type { Delivery, Rule, TestEndpointAnswer } from '@tandem/common';
import { touchedAt } from '../state/delivery-page.ts';
import type { EndpointRow } from '../state/endpoint-row.ts';
import { many, type StateWords } from './delivery.ts';
import { clock, duration, moment } from './format.ts';

/** Whether alerts go to an endpoint, and if not, by whose will. */
export function endpointState(row: EndpointRow, now: number): StateWords {
  const { enabled, disabled, pausedUntil } = row;
  if (!enabled && disabled !== undefined) {
    const since = `since ${moment(disabled.at)} UTC`;
    return {
      icon: '✕',
      word: `disabled by its receiver ${since}: ${disabled.reason}`,
      tone: 'trouble',
      title: 'Nothing is sent there. Edit it and enable it once its receiver is mended.',
    };
  }
  if (!enabled)
    return { icon: '○', word: 'off', tone: 'calm', title: 'Switched off: nothing is sent there.' };
  if (pausedUntil !== null && pausedUntil > now) {
    return {
      icon: '‖',
      word: `paused until ${clock(pausedUntil)} UTC: its receiver asked for it`,
      tone: 'pending',
      title: `Nothing is sent there for ${duration(pausedUntil - now)}.`,
    };
  }
  return { icon: '●', word: 'enabled', tone: 'good', title: 'Alerts are sent there.' };
}

/** Whether a receiver can tell that what it gets is ours. */
export function signedWords({ secrets }: Pick<EndpointRow, 'secrets'>): string {
  return ['unsigned', 'signed', 'signed, rotating'][secrets.length] ?? 'signed';
}

/** Which alerts are sent. */
export function severityWords(least: EndpointRow['minimumSeverity']): string {
  if (least === undefined || least === 'info') return 'all';
  return least === 'warning' ? 'warning and critical' : 'critical';
}

/** Where an endpoint is written down. */
export function originWords({ configured, revision }: Pick<EndpointRow, 'configured' | 'revision'>): string {
  if (!configured) return 'document';
  return revision === 0 ? 'configuration' : 'document over the configuration';
}

/** How long ago something was last done about its newest delivery. */
export function lastAge(last: Delivery, now: number): string {
  return `${duration(now - touchedAt(last))} ago`;
}

/** What came of a test, and when it was: it stays on the page. */
export function testWords({ at, delivered, status, answer, took }: TestEndpointAnswer): string {
  const said = answer === '' ? (status === null ? 'no answer' : `status ${status}`) : answer;
  return `Test at ${clock(at)} UTC ${delivered ? 'delivered' : 'not delivered'}: ${said}, ${Math.round(took).toLocaleString('en-US')} ms.`;
}

/** What a deletion does, before it is done. */
export function deletionWords(row: EndpointRow, rules: readonly Pick<Rule, 'id' | 'endpoints'>[]): string {
  const { id, waiting, configured } = row;
  if (configured) {
    return `Delete the document of ${id}? The endpoint stays as the configuration has it: what the document says of its shape, secrets and severity is gone.`;
  }
  const lost =
    waiting === 0
      ? 'Nothing waits for it.'
      : `${many(waiting, 'delivery')} that wait${waiting === 1 ? 's' : ''} for it ${waiting === 1 ? 'is' : 'are'} given up.`;
  const naming = rules.filter(({ endpoints }) => endpoints !== 'all' && endpoints.includes(id));
  const named =
    naming.length === 0
      ? ''
      : ` ${naming.length === 1 ? 'The rule' : 'The rules'} ${naming.map((rule) => rule.id).join(', ')} name${naming.length === 1 ? 's' : ''} it, and would tell it nothing any more.`;
  return `Delete ${id}? ${lost} No alert is sent there any more.${named} Its past deliveries stay listed.`;
}
