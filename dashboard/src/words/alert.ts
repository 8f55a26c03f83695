import { type Acknowledgement, type Alert, type AlertLabel, intervalMs, type Study } from '@tandem/common';
import { clock, moment, significant, unknown } from './format.ts';
import { inhibitionWords } from './inhibitions.ts';
import { pairName } from './legs.ts';

const labelWords: Record<AlertLabel, string> = {
  'few-bars': 'not yet as many bars as the rule asks for',
  'not-rearmed': 'fires already',
  cooldown: 'in cooldown',
  inhibited: 'entry forbidden',
};

/** What an alert is about: "BTC – ETH 1m", an instrument, or the study's id where it is not watched any more. */
export function subjectOf(alert: Pick<Alert, 'study' | 'instrument'>, study: Study | undefined): string {
  if (study !== undefined) return `${pairName(study)} ${study.interval}`;
  return alert.instrument ?? alert.study;
}

/** When a rule decided: at the close of its bar; the bar's own time is when it opened. */
export function decidedAt(alert: Pick<Alert, 'time'>, study: Study | undefined): number {
  return alert.time + (study === undefined ? 0 : intervalMs[study.interval]);
}

/** Another day's time of day would be taken for today's. */
export function whenOf(time: number, now: number): string {
  return moment(time).slice(0, 10) === moment(now).slice(0, 10) ? clock(time) : moment(time).slice(5, 16);
}

/** What must be seen at a glance. */
export function briefMarksOf({ severity, late, simulated }: Alert): string[] {
  return [severity, late ? 'late' : '', simulated ? 'simulated' : ''].filter(Boolean);
}

/** What else is to be known of an alert, in a few words each. */
export function marksOf(alert: Alert, acknowledged?: Acknowledgement): string[] {
  const forbids = inhibitionWords(alert.inhibited);
  return [
    ...briefMarksOf(alert),
    alert.amended === null ? '' : 'bar amended since',
    forbids === undefined ? '' : `entry forbidden: ${forbids}`,
    ...(alert.labels ?? [])
      .filter((label) => label !== 'inhibited' || forbids === undefined)
      .map((label) => labelWords[label]),
    acknowledged === undefined ? '' : `${acknowledged.by} takes care`,
  ].filter(Boolean);
}

/** Everything that the rule looked at, name and value; after an amendment both values. */
export function inputRows({ inputs, amended }: Alert): [name: string, value: string][] {
  return Object.entries(inputs ?? {}).map(([name, value]) => {
    const now = amended?.inputs[name];
    const changed = amended !== null && now !== value;
    return [name, changed ? `${inputText(value)}, now ${inputText(now)}` : inputText(value)];
  });
}

/** The end of a firing, of the alerts that are known: the next alert of its rule and study that resolves it. */
export function endOf(alert: Alert, alerts: readonly Alert[]): Alert | undefined {
  if (alert.transition !== 'firing') return undefined;
  return alerts
    .filter((one) => one.rule === alert.rule && one.study === alert.study && one.time > alert.time)
    .filter(({ transition }) => transition !== 'inhibited')
    .toSorted((one, other) => one.time - other.time)
    .find((_, index) => index === 0);
}

function inputText(value: number | string | null | undefined): string {
  if (typeof value === 'number') return significant(value, 6);
  return value ?? unknown;
}
