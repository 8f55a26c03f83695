import { type Alert, type Attempt, type Delivery, DeliveryState, type Study } from '@tandem/common';
import { clock, duration, moment, unknown } from './format.ts';
import { pairName } from './legs.ts';

/** How a state looks; its word says the same. */
export type Tone = 'good' | 'pending' | 'trouble' | 'calm';

const looks: Record<DeliveryState, { icon: string; tone: Tone; title: string }> = {
  pending: { icon: '◔', tone: 'calm', title: 'an attempt is due or under way' },
  delivered: { icon: '✓', tone: 'good', title: 'the receiver took it' },
  failed: { icon: '✕', tone: 'trouble', title: 'given up: a dead letter, which can be replayed' },
  withheld: { icon: '‖', tone: 'calm', title: 'not sent: silenced, or about data that may not leave' },
  expired: { icon: '⊘', tone: 'trouble', title: 'an entry that would have come too late to be acted on' },
};

export interface StateWords {
  readonly icon: string;
  readonly word: string;
  readonly tone: Tone;
  readonly title: string;
}

/** A delivery's state as it is shown: an icon, a word and a tone, none of which says it alone. */
export function deliveryState({ state, attempts }: Pick<Delivery, 'state' | 'attempts'>): StateWords {
  if (state === 'pending' && attempts > 0)
    return { icon: '↻', word: 'pending', tone: 'pending', title: 'tried in vain, and to be tried again' };
  return { ...looks[state], word: state };
}

/** What an alert is about, in words. Without the alert itself its id has to say so. */
export function alertWords(
  id: string,
  known: Alert | undefined,
  studies: readonly Study[],
): { rule: string; about: string } {
  const named = known ?? partsOf(id);
  if (named === undefined) return { rule: id, about: '' };
  const study = studies.find((one) => one.id === named.study);
  const subject =
    study === undefined ? (known?.instrument ?? named.study) : `${pairName(study)} ${study.interval}`;
  return { rule: named.rule, about: `${subject} ${named.transition}` };
}

/** `rule_study_time_transition`, and before it the dataset of what is not live. */
function partsOf(id: string): { rule: string; study: string; transition: string } | undefined {
  const slug = '[a-z0-9][a-z0-9-]*';
  const [, rule, study, transition] =
    new RegExp(`^(?:${slug}_)?(${slug})_(${slug})_\\d+_(firing|resolved|inhibited)$`).exec(id) ?? [];
  return rule === undefined || study === undefined || transition === undefined
    ? undefined
    : { rule, study, transition };
}

/** What is due is sent at once, unless it has to wait: for what goes before it, or for a receiver that asked for it. */
const promptly = 3_000;

/** When the next attempt is due. */
export function nextWords({ state, next }: Pick<Delivery, 'state' | 'next'>, now: number): string {
  if (state !== 'pending' || next === null) return unknown;
  if (next <= now - promptly) return 'waits its turn';
  return next <= now ? 'due now' : `in ${duration(Math.max(1_000, next - now))}`;
}

/** Until when an entry is worth sending. */
export function expiresWords({ state, expires }: Pick<Delivery, 'state' | 'expires'>, now: number): string {
  if (state !== 'pending') return unknown;
  if (expires === null) return 'never';
  return expires <= now ? 'now' : `in ${duration(expires - now)}`;
}

/** Time of day, with the day where it is not today. */
export function whenWords(time: number | null, now: number): string {
  if (time === null) return unknown;
  return moment(time).slice(0, 10) === moment(now).slice(0, 10) ? clock(time) : moment(time).slice(5);
}

/** What the receiver said last; its status is in it. */
export function answerWords({ answer, status }: Pick<Delivery, 'answer' | 'status'>): string {
  if (answer !== '') return answer;
  return status === null ? unknown : `status ${status}`;
}

/** How many of the listed deliveries are in which state: "50 listed: 3 pending, 47 delivered". */
export function countWords(rows: readonly Pick<Delivery, 'state'>[]): string {
  const counts = DeliveryState.options.flatMap((state) => {
    const count = rows.filter((row) => row.state === state).length;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  return counts.length === 0 ? 'none listed' : `${rows.length} listed: ${counts.join(', ')}`;
}

/** One attempt as a row: when, how long, status, answer. */
export function attemptCells({ at, took, status, answer }: Attempt): string[] {
  return [
    moment(at),
    `${Math.round(took).toLocaleString('en-US')} ms`,
    status === null ? 'none' : String(status),
    answer === '' ? unknown : answer,
  ];
}

/** What the attempts of a delivery are, above their table. */
export function historyWords({ attempts, history, state }: Delivery): string {
  const kept = history?.length ?? 0;
  if (kept === 0) return state === 'pending' ? 'No attempt has ended yet.' : 'It was never attempted.';
  if (attempts > kept) return `The newest ${kept} of ${attempts} attempts, oldest first.`;
  if (kept > attempts)
    return `${many(kept, 'attempt')}, oldest first, ${kept - attempts} of them before it was replayed.`;
  return `${many(kept, 'attempt')}${kept > 1 ? ', oldest first' : ''}.`;
}

/** "1 delivery", "3 deliveries" */
export function many(count: number, noun: string): string {
  const plural = noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : plural}`;
}
