import { Direction } from '@tandem/common';
import { z } from 'zod';
import type { RuleState } from './core/rule-machine.ts';

/** The bucket in which what the rules know rests: one document per dataset, and one for what clocks decide. */
export const stateBucket = 'alerter';

const State: z.ZodType<RuleState> = z.object({
  phase: z.enum(['inactive', 'pending', 'firing']),
  count: z.int().min(0),
  direction: Direction.nullable(),
  fired: z.int().nullable(),
  told: z.boolean(),
});

export const KeptState = z.object({
  /** A state of a rule that took effect at another time is not its state. */
  effectiveFrom: z.int(),
  mode: z.enum(['transition', 'every']),
  state: State,
});
export type KeptState = z.infer<typeof KeptState>;

/** What must outlive the process, beside the alerts themselves. */
export const StateDocument = z.object({
  /** By study: bar time of the last row evaluated, and the bar time from which the study takes effect. */
  studies: z.record(z.string(), z.object({ time: z.int().nullable(), from: z.int() })),
  /** By rule and study: only states that say something. */
  states: z.record(z.string(), KeptState),
});
export type StateDocument = z.infer<typeof StateDocument>;

/** The name of a rule's state on a study, or on an instrument by its slug. */
export function stateKey(rule: string, study: string): string {
  return `${rule} ${study}`;
}

/** Whether a state is that of a rule that has seen nothing. A firing whose cooldown is over is forgotten. */
export function isBlank({ phase, fired }: RuleState, time: number | null, cooldown: number): boolean {
  return phase === 'inactive' && (fired === null || (time !== null && time - fired >= cooldown));
}
