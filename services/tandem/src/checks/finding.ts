/** How one checked thing is: a problem stops Tandem or leaves it without data, a warning costs something. */
export type Outcome = 'ok' | 'warning' | 'problem';

/** One line of the doctor: what was checked, how it is, what was seen, and how to mend it. */
export interface Finding {
  readonly what: string;
  readonly outcome: Outcome;
  readonly detail: string;
  /** What to do about it; absent where nothing needs doing. */
  readonly mend?: string;
}

/** Something is as it should be. */
export function ok(what: string, detail: string): Finding {
  return { what, outcome: 'ok', detail };
}

/** Tandem runs with it, but the user should know. */
export function warning(what: string, detail: string, mend: string): Finding {
  return { what, outcome: 'warning', detail, mend };
}

/** Tandem does not run with it, or gets no data. */
export function problem(what: string, detail: string, mend: string): Finding {
  return { what, outcome: 'problem', detail, mend };
}

/** The line as it is printed. Text of other machines may stand in it: no control character reaches the terminal. */
export function lineOf({ what, outcome, detail, mend }: Finding): string {
  const text = mend === undefined ? detail : `${detail}: ${mend}`;
  return printable(`  ${outcome.padEnd(8)} ${what.padEnd(24)} ${text}`);
}

/** What it comes to, in one sentence. */
export function summaryOf(findings: readonly Finding[]): string {
  const count = (outcome: Outcome) => findings.filter((finding) => finding.outcome === outcome).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  const plural = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
  return `${plural(problems, 'problem')}, ${plural(warnings, 'warning')}, ${count('ok')} ok.`;
}

/** 1 if anything is a problem. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 {
  return findings.some(({ outcome }) => outcome === 'problem') ? 1 : 0;
}

function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}
