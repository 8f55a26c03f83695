import { type Instrument, Study } from '@tandem/common';

/** The studies that can be computed, and a sentence for each that cannot. */
export interface Admission {
  studies: Study[];
  refusals: string[];
}

/** Checks the settings of studies at the edge. `instruments`: those that are fed, if that is known. */
export function admit(candidates: readonly unknown[], instruments?: readonly Instrument[]): Admission {
  const studies: Study[] = [];
  const refusals: string[] = [];
  for (const candidate of candidates) {
    const parsed = Study.safeParse(candidate);
    const fault = parsed.success
      ? faultOf(parsed.data, studies, instruments)
      : `${parsed.error.issues[0]?.path.join('.') || 'it'}: ${parsed.error.issues[0]?.message}`;
    if (parsed.success && fault === undefined) studies.push(parsed.data);
    else refusals.push(`study ${nameOf(candidate)} is refused: ${fault}`);
  }
  return { studies, refusals };
}

function faultOf(
  study: Study,
  taken: readonly Study[],
  instruments: readonly Instrument[] | undefined,
): string | undefined {
  if (study.y === study.x) return `both legs are ${study.y}; name two instruments`;
  if (taken.some((other) => other.id === study.id)) return 'another study has the same id; rename one';
  const missing = [study.y, study.x].find((leg) => instruments !== undefined && !instruments.includes(leg));
  return missing === undefined ? undefined : `${missing} is not fed; add it to the instruments`;
}

function nameOf(candidate: unknown): string {
  const id = (candidate as { id?: unknown } | null)?.id;
  return typeof id === 'string' ? JSON.stringify(id.slice(0, 64)) : 'without an id';
}
