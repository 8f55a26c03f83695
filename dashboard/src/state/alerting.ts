import { Acknowledgement, Rule, Silence } from '@tandem/common';
import { z } from 'zod';

/** A rule as it is stored, with the revision that the next change must name. */
export type StoredRule = Rule & { readonly revision: number };
export const StoredRule = z
  .looseObject({ revision: z.int() })
  .transform(({ revision, ...document }, context): StoredRule => {
    const rule = Rule.safeParse(document);
    if (rule.success) return { ...rule.data, revision };
    context.addIssue({ code: 'custom', message: 'is no rule', input: document });
    return z.NEVER;
  });

/** Everything that the server says of rules, silences and acknowledgements; undefined while it has not answered. */
export interface Alerting {
  readonly rules: readonly StoredRule[] | undefined;
  readonly silences: readonly Silence[];
  /** By the alert's id. */
  readonly acknowledgements: ReadonlyMap<string, Acknowledgement>;
  /** Ids of those who can be told. */
  readonly endpoints: readonly string[];
}

export const emptyAlerting: Alerting = {
  rules: undefined,
  silences: [],
  acknowledgements: new Map(),
  endpoints: [],
};

const listOf = <Row extends z.ZodType>(row: Row) => z.object({ rows: z.array(row) });
/** Of a stored document that is no rule, everything else is still shown. */
export const RulesAnswer = z.object({
  rows: z.array(z.unknown()).transform((rows) => rows.flatMap((row) => StoredRule.safeParse(row).data ?? [])),
});
export const SilencesAnswer = listOf(Silence);
export const AcknowledgementsAnswer = listOf(Acknowledgement);

/** The silences that have not ended, those that end first before others. */
export function silencesInForce(silences: readonly Silence[], now: number): Silence[] {
  return silences.filter(({ until }) => until > now).toSorted((one, other) => one.until - other.until);
}
