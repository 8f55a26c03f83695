import { JobStatus } from '@tandem/common';
import {
  type Diagnosis,
  diagnosisAfter,
  diagnosisFailed,
  newDiagnosis,
  runningJobs,
} from '../state/diagnosis.ts';
import { type DiagnosisMethod, diagnosisMethods } from '../state/diagnosis-results.ts';
import { ask, faultSentence } from './rest.ts';

/** How long the server may hold a question about a job, ms; the page waits a little longer. */
const patience = 5_000;
const giveUp = 30_000;

/** Runs the tests of a study on demand; what nobody looks at any more is cancelled at the server. */
export interface Diagnostics {
  /** The tests that are shown, or undefined while the panel is closed. */
  readonly shown: Diagnosis | undefined;
  start(study: string): void;
  close(): void;
}

export function diagnostics(changed: () => void): Diagnostics {
  let shown: Diagnosis | undefined;
  let polls = new AbortController();

  function close(): void {
    if (shown === undefined) return;
    polls.abort();
    for (const job of runningJobs(shown)) cancel(job);
    shown = undefined;
    changed();
  }

  async function run(method: DiagnosisMethod, study: string, { signal }: AbortController): Promise<void> {
    const take = (next: (before: Diagnosis) => Diagnosis) => {
      if (signal.aborted || shown === undefined) return;
      shown = next(shown);
      changed();
    };
    try {
      // Not cut short by a close: only its answer names the job that is to be cancelled.
      let status = await ask(`/analysis/${method}?${parametersOf(method, study)}`, JobStatus, {
        signal: AbortSignal.timeout(giveUp),
      });
      if (signal.aborted && status.state === 'running') return cancel(status.job);
      while (status.state === 'running') {
        const running = status;
        take((before) => diagnosisAfter(before, method, running));
        status = await ask(`/jobs?job=${encodeURIComponent(running.job)}&wait=${patience}`, JobStatus, {
          signal: AbortSignal.any([signal, AbortSignal.timeout(giveUp)]),
        });
        if (signal.aborted) return;
      }
      take((before) => diagnosisAfter(before, method, status));
    } catch (fault) {
      take((before) => diagnosisFailed(before, method, faultSentence(fault)));
    }
  }

  addEventListener('pagehide', close);
  return {
    get shown() {
      return shown;
    },
    start(study) {
      close();
      polls = new AbortController();
      shown = newDiagnosis(study);
      for (const method of diagnosisMethods) void run(method, study, polls);
      changed();
    },
    close,
  };
}

function parametersOf(method: DiagnosisMethod, study: string): string {
  const parameters = new URLSearchParams({ study });
  // The holding period that the rows use as well.
  if (method === 'variance-ratio') parameters.set('q', '8');
  return parameters.toString();
}

/** The answer is of no use: a job that has ended or been forgotten needs no cancelling. */
function cancel(job: string): void {
  const signal = AbortSignal.timeout(giveUp);
  ask(`/jobs?job=${encodeURIComponent(job)}`, JobStatus, { method: 'DELETE', keepalive: true, signal }).catch(
    () => undefined,
  );
}
