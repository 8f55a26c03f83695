import { z } from 'zod';
import { RuleId } from './rule.ts';
import { StudyId } from './study.ts';
import { Time } from './tick.ts';

/** Documents of silences, by id. */
export const silencesBucket = 'silences';

/** The longest silence, ms: 30 days. */
export const longestSilence = 30 * 24 * 60 * 60_000;

export const SilenceId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'a silence id is a slug, as the answer to its request names it');

/** Who says it: a name, a mail address, whatever tells people apart. */
export const Person = z.string().trim().min(1, 'say who you are').max(100);
const comment = z.string().max(500);

/** What is covered: alerts of a rule, of a study (or the slug of an instrument), of both together, or all if neither is named. */
const covered = { rule: RuleId.optional(), study: StudyId.optional() };

/** Alerts that are stored and shown but not delivered for a while. It always ends. */
export const Silence = z
  .strictObject({
    id: SilenceId,
    ...covered,
    from: Time,
    /** Exclusive. */
    until: Time,
    by: Person,
    comment,
  })
  .superRefine(({ from, until }, context) => {
    const refuse = (message: string) =>
      context.addIssue({ code: 'custom', path: ['until'], message, input: until });
    if (until <= from) refuse('lies before the silence begins');
    if (until - from > longestSilence) refuse('a silence lasts 30 days at most');
  });
export type Silence = z.infer<typeof Silence>;

/** `rpc.alerter.silence`: begins a silence, now unless `from` says otherwise. */
export const SilenceRequest = z.strictObject({
  ...covered,
  from: Time.optional(),
  until: Time.describe('Mandatory: a silence always ends'),
  by: Person,
  comment: comment.default(''),
});
export type SilenceRequest = z.input<typeof SilenceRequest>;

/** `rpc.alerter.unsilence`: ends one at once. */
export const UnsilenceRequest = z.strictObject({ id: SilenceId });

/** Whether a silence keeps an alert from being delivered at this moment of ours. */
export function silences(
  silence: Silence,
  alert: { readonly rule: string; readonly study: string },
  now: number,
): boolean {
  const { rule, study, from, until } = silence;
  if (now < from || now >= until) return false;
  return (rule === undefined || rule === alert.rule) && (study === undefined || study === alert.study);
}
