import type { JobStatus } from '@tandem/common';
import {
  type DiagnosisMethod,
  type DiagnosisResult,
  diagnosisMethods,
  diagnosisResults,
} from './diagnosis-results.ts';

/** How one test of a study is. */
export type Part<Method extends DiagnosisMethod> =
  | { readonly state: 'asking' }
  | { readonly state: 'running'; readonly job: string; readonly progress: number }
  | { readonly state: 'done'; readonly result: DiagnosisResult<Method> }
  /** Why there is no result, in a sentence with the request's id. */
  | { readonly state: 'failed'; readonly error: string };

export type Parts = { readonly [Method in DiagnosisMethod]: Part<Method> };

/** The tests of one study, asked for together. */
export interface Diagnosis {
  readonly study: string;
  readonly parts: Parts;
}

/** All tests asked for, none answered. */
export function newDiagnosis(study: string): Diagnosis {
  const parts = Object.fromEntries(diagnosisMethods.map((method) => [method, { state: 'asking' }]));
  return { study, parts: parts as unknown as Parts };
}

/** What the server's word about a job makes of its part; a result that is not of its form is a failure, not a number. */
export function diagnosisAfter(before: Diagnosis, method: DiagnosisMethod, status: JobStatus): Diagnosis {
  return withPart(before, method, partOf(method, status));
}

/** One test that has no answer, and why. */
export function diagnosisFailed(before: Diagnosis, method: DiagnosisMethod, error: string): Diagnosis {
  return withPart(before, method, { state: 'failed', error });
}

function withPart(before: Diagnosis, method: DiagnosisMethod, part: object): Diagnosis {
  return { ...before, parts: { ...before.parts, [method]: part } };
}

function partOf(method: DiagnosisMethod, status: JobStatus): Part<DiagnosisMethod> {
  switch (status.state) {
    case 'running':
      return { state: 'running', job: status.job, progress: status.progress };
    case 'done': {
      const parsed = diagnosisResults[method].safeParse(status.result);
      if (!parsed.success)
        return { state: 'failed', error: 'the result is not of the expected form; reload the page' };
      return { state: 'done', result: parsed.data };
    }
    case 'failed':
      return { state: 'failed', error: status.error };
    case 'cancelled':
      return { state: 'failed', error: 'cancelled; press Test to compute it again' };
  }
}

/** The jobs that the server still works on. */
export function runningJobs({ parts }: Diagnosis): string[] {
  return Object.values(parts).flatMap((part) => (part.state === 'running' ? [part.job] : []));
}

/** How far the tests are: how many have ended, of how many, and the share of the whole that is done. */
export function progressOf({ parts }: Diagnosis): { ended: number; of: number; share: number } {
  const all = Object.values(parts);
  const ended = all.filter(({ state }) => state === 'done' || state === 'failed').length;
  const running = all.reduce((sum, part) => sum + (part.state === 'running' ? part.progress : 0), 0);
  return { ended, of: all.length, share: (ended + running) / all.length };
}
