import type { Health } from '@tandem/runtime';

/** Shows which rules and endpoints are not in force though somebody wrote them, until they are mended. */
export interface StandingRefusals {
  report(what: 'rules' | 'endpoints', refusals: readonly string[]): void;
  remove(): void;
}

/** A part of its own: the alerter does its work without them, and the process is ready. */
export function standingRefusals(health: Health): StandingRefusals {
  const part = health.part('rules and endpoints', { required: false });
  const known = new Map<string, readonly string[]>();
  part.report('ok');
  return {
    report(what, refusals) {
      known.set(what, refusals);
      const [first, ...more] = [...known.values()].flat();
      if (first === undefined) part.report('ok');
      else part.report('degraded', more.length === 0 ? first : `${first}; and ${more.length} more`);
    },
    remove: () => part.remove(),
  };
}
