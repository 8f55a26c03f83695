import type { z } from 'zod';

/** What is wrong with a document: where in it, and why, in one sentence. */
export interface Fault {
  /** `when.all.1.value`; empty where the document itself is meant. */
  readonly path: string;
  readonly reason: string;
}

type Issue = z.core.$ZodIssue;

/**
 * Every fault that a schema found. Of alternatives none of which fits, the one that came furthest says what is wrong, and
 * of these the one with the fewest faults; where that settles nothing, what all of them are for.
 */
export function faultsOf(error: { readonly issues: readonly Issue[] }): Fault[] {
  return error.issues.flatMap((issue) =>
    furthest(issue).map(({ path, message }) => ({ path: path.map(String).join('.'), reason: message })),
  );
}

/** Faults as one sentence: "when.all.0.field: there is no field "zz"; scope: …". */
export function faultText(faults: readonly Fault[]): string {
  return faults.map(({ path, reason }) => (path === '' ? reason : `${path}: ${reason}`)).join('; ');
}

function furthest(issue: Issue): { path: readonly PropertyKey[]; message: string }[] {
  if (issue.code === 'unrecognized_keys') {
    const message = 'is not known here: mend its name or leave it out';
    return issue.keys.map((key) => ({ path: [...issue.path, key], message }));
  }
  if (issue.code !== 'invalid_union') return [issue];
  const branches = issue.errors.map((issues) => issues.flatMap(furthest));
  const depth = (branch: { path: readonly PropertyKey[] }[]) =>
    Math.max(0, ...branch.map(({ path }) => path.length));
  const [best = [], second] = branches.toSorted(
    (one, other) => depth(other) - depth(one) || one.length - other.length,
  );
  if (depth(best) === 0) return [issue];
  if (second?.length === best.length && depth(second) === depth(best)) return [issue];
  return best.map(({ path, message }) => ({ path: [...issue.path, ...path], message }));
}
