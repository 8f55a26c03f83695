import type { Alert } from '@tandem/common';
import { answerText } from './answer-text.ts';

/** An alert with what its row does not say. */
export interface Telling {
  readonly alert: Alert;
  /** Where the page is that `link` is a path of; undefined if nobody has said. */
  readonly page: string | undefined;
  /** A test of the endpoint, not an alert. */
  readonly test: boolean;
}

/** One thing that an alert says, as a name and a value on one line each; not escaped for any target. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** What an alert says in words, in the order in which a trader reads it. */
export interface Facts {
  readonly title: string;
  /** What to trade, or nothing where the rule knows no direction. */
  readonly legs: string | undefined;
  /** The rule with its numbers. */
  readonly rule: string;
  readonly facts: readonly Fact[];
  /** The chart's address. */
  readonly url: string | undefined;
}

/** An alert in words. Text that came from outside is brought onto one line here, and escaped by each shape. */
export function factsOf({ alert, page, test }: Telling): Facts {
  const { rule, study, transition, direction, severity, inputs } = alert;
  const marks = [test ? 'TEST' : '', alert.simulated ? 'SIMULATED' : '', alert.late ? 'LATE' : ''];
  const said = new Set(['z', 'returnCorrelation', 'priceCorrelation', 'beta']);
  const looked = Object.entries(inputs ?? {}).filter(([name]) => !said.has(name));
  const fact = (name: string, value: number | string | null | undefined): Fact[] =>
    value === undefined ? [] : [{ name: answerText(name), value: worded(value) }];
  // A rule on feeds or the age of data looks at no row, and has no numbers of one: only what is known of it is said.
  const byClock = alert.instrument !== null || Object.keys(inputs ?? {}).some((name) => name.includes('.'));
  const numbered = (name: string, value: number | null, input: string): Fact[] =>
    value === null && !Object.hasOwn(inputs ?? {}, input) && byClock ? [] : fact(name, value);
  return {
    title: answerText(
      [...marks, transition.toUpperCase(), rule, '·', alert.instrument ?? study].filter(Boolean).join(' '),
    ),
    legs: alert.legs === null ? (direction ?? undefined) : answerText(alert.legs),
    rule: answerText(alert.text),
    facts: [
      ...fact('bar time', momentText(alert.time)),
      ...fact('study', study),
      ...fact('instrument', alert.instrument ?? undefined),
      ...fact('direction', direction ?? undefined),
      ...numbered('z', alert.z, 'z'),
      ...numbered('return correlation', alert.returnCorrelation, 'returnCorrelation'),
      ...numbered('price correlation', alert.priceCorrelation, 'priceCorrelation'),
      ...numbered('beta', alert.beta, 'beta'),
      ...looked.flatMap(([name, value]) => fact(name, value)),
      ...fact('inhibited by', listed(alert.inhibited)),
      ...fact('labels', listed(alert.labels)),
      ...fact('severity', severity),
      ...fact('late', alert.late ? 'yes: it could not be raised in time' : 'no'),
      ...fact('simulated', alert.simulated ? 'yes: the data is not live' : 'no'),
    ],
    url: chartUrl(page, alert.link),
  };
}

/** The whole address of a path of the page; undefined where either is not known. */
export function chartUrl(page: string | undefined, link: string | null): string | undefined {
  if (page === undefined || link === null || !URL.canParse(link, page)) return undefined;
  const url = new URL(link, page);
  // A link that leads off the page is none of ours.
  return url.origin === new URL(page).origin ? url.href : undefined;
}

function worded(value: number | string | null): string {
  if (value === null) return 'not known';
  return typeof value === 'number' ? numberText(value) : answerText(value);
}

/** Six digits, and no more zeros than needed. */
function numberText(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function listed(words: readonly string[] | null): string | undefined {
  return words === null || words.length === 0 ? undefined : words.join(', ');
}

/** 2024-08-08 13:00:00 UTC */
function momentText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
