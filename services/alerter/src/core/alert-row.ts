import {
  type Alert,
  type AlertInputs,
  conditionText,
  fieldsText,
  type Instrument,
  instrumentSlug,
  lasting,
  type Rule,
  rearmOf,
  type Study,
  type Transition,
} from '@tandem/common';
import type { Sample } from './compile-condition.ts';
import type { CompiledRule } from './compile-rule.ts';
import { legsText } from './legs.ts';
import type { Bar, Change } from './rule-machine.ts';
import type { WatchedStudy } from './rule-watch.ts';

/**
 * The alert's id: readable, and a function of rule, study, bar time and transition alone (and of a dataset that is
 * not live). No dot in it: signed webhooks join id, time and body by dots.
 */
export function alertId(
  dataset: string,
  rule: string,
  study: string,
  time: number,
  transition: Transition,
): string {
  const name = `${rule}_${study}_${time}_${transition}`;
  return dataset === 'live' ? name : `${dataset}_${name}`;
}

/** What an alert is about. */
export type Subject = { readonly study: WatchedStudy } | { readonly instrument: Instrument };

/** What is no function of the data, and for the shell to say. */
export interface Circumstances {
  readonly dataset: string;
  readonly late: boolean;
  readonly simulated: boolean;
}

/** The row of a transition. */
export function alertRow(
  { dataset, late, simulated }: Circumstances,
  compiled: CompiledRule,
  subject: Subject,
  change: Change,
): Alert {
  const { rule, inputs } = compiled;
  const { bar, transition, direction } = change;
  const study = 'study' in subject ? subject.study.id : instrumentSlug(subject.instrument);
  const id = alertId(dataset, rule.id, study, bar.time, transition);
  return {
    dataset,
    id,
    rule: rule.id,
    study,
    time: bar.time,
    transition,
    severity: rule.severity,
    direction,
    z: numberIn(bar, 'z'),
    returnCorrelation: numberIn(bar, 'returnCorrelation'),
    beta: numberIn(bar, 'beta'),
    text: textOf(compiled, change),
    late,
    simulated,
    instrument: 'instrument' in subject ? subject.instrument : null,
    priceCorrelation: numberIn(bar, 'priceCorrelation'),
    legs:
      direction !== null && 'study' in subject && hasLegs(subject.study)
        ? legsText(direction, subject.study, bar)
        : null,
    inputs: inputsIn(inputs, bar),
    inhibited: [...change.inhibited],
    labels: [...change.labels],
    amended: null,
    link:
      'study' in subject
        ? `/?study=${encodeURIComponent(study)}&alert=${encodeURIComponent(id)}`
        : `/?alert=${encodeURIComponent(id)}`,
  };
}

/** An alert with what its bar says now; undefined if that is what the alert says already. */
export function annotated(alert: Alert, bar: Sample): Alert | undefined {
  const names = Object.keys(alert.inputs ?? {});
  // What was decided by a clock is not of this bar, though it may share its time.
  if (alert.instrument !== null || names.some((name) => name.includes('.'))) return undefined;
  const inputs = inputsIn(names, bar);
  const z = numberIn(bar, 'z');
  const same = z === alert.z && names.every((name) => inputs[name] === alert.inputs?.[name]);
  const amended = same ? null : { z, inputs };
  return JSON.stringify(amended) === JSON.stringify(alert.amended) ? undefined : { ...alert, amended };
}

/** The end of a firing whose rule watches no more: nothing else would ever end it. */
export function retiredRow(firing: Alert, bar: Bar, { late, simulated }: Circumstances): Alert {
  // Behind the firing though no bar has passed since: a resolution of that bar may have come before it, and of two
  // alerts of one time the resolution is delivered first.
  const time = Math.max(bar.time, firing.time + 1);
  const id = alertId(firing.dataset, firing.rule, firing.study, time, 'resolved');
  return {
    ...firing,
    id,
    time,
    transition: 'resolved',
    z: numberIn(bar, 'z'),
    returnCorrelation: numberIn(bar, 'returnCorrelation'),
    beta: numberIn(bar, 'beta'),
    text: 'the rule watches this no more: it was switched off, deleted, or its scope was changed',
    late,
    simulated,
    priceCorrelation: numberIn(bar, 'priceCorrelation'),
    inputs: inputsIn(Object.keys(firing.inputs ?? {}), bar),
    inhibited: [],
    labels: [],
    amended: null,
    link: firing.link?.replace(encodeURIComponent(firing.id), encodeURIComponent(id)) ?? null,
  };
}

function hasLegs(study: WatchedStudy): study is WatchedStudy & Pick<Study, 'y' | 'x' | 'scale'> {
  return study.y !== undefined && study.x !== undefined && study.scale !== undefined;
}

function inputsIn(names: readonly string[], bar: Sample): AlertInputs {
  const inputs: AlertInputs = {};
  for (const name of names) {
    const found = bar[name];
    inputs[name] = typeof found === 'number' || typeof found === 'string' ? found : null;
  }
  return inputs;
}

function numberIn(bar: Sample, name: string): number | null {
  const found = bar[name];
  return typeof found === 'number' ? found : null;
}

function textOf(
  { rule, when, rearmed }: CompiledRule,
  { transition, bar, inhibited, labels }: Change,
): string {
  if (transition === 'resolved') return endText(rule, rearmed(bar), bar);
  if (transition === 'inhibited' && !when(bar))
    return `had begun to meet ${conditionText(rule.when)}${lasting(rule)}; cut off by ${inhibited.join(', ')}`;
  const found = `${conditionText(rule.when, bar)}${rule.mode === 'every' ? '' : lasting(rule)}`;
  if (transition === 'inhibited') return `would have fired: ${found}; inhibited by ${inhibited.join(', ')}`;
  const more = [...labels.filter((label) => label !== 'inhibited'), ...inhibited];
  return more.length === 0 ? found : `${found} (${more.join(', ')})`;
}

function endText(rule: Rule, rearmed: boolean, bar: Sample): string {
  const rearm = rearmOf(rule);
  if (!rearmed) return `z ${(bar.z as number).toFixed(2)} has crossed its mean`;
  if (rearm !== undefined) return conditionText(rearm, bar);
  return `${fieldsText(rule.when, bar)}; no longer ${conditionText(rule.when)}`;
}
