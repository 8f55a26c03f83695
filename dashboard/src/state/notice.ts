import { type Alert, type Silence, type Study, silences } from '@tandem/common';
import { subjectOf } from '../words/alert.ts';

export interface Notice {
  /** Of the alert. */
  readonly id: string;
  readonly title: string;
  readonly body: string;
  /** A second notice under the same tag takes the first one's place. */
  readonly tag: string;
}

/**
 * What the desktop is told of an alert that has just been raised; undefined for what needs nobody: ends, inhibited, late
 * and amended ones, bars that mode `every` only labels, and what is silenced.
 */
export function noticeOf(
  alert: Alert,
  study: Study | undefined,
  silenced: readonly Silence[],
  now: number,
): Notice | undefined {
  if (
    alert.transition !== 'firing' ||
    alert.late ||
    alert.amended !== null ||
    (alert.labels ?? []).length > 0
  )
    return undefined;
  if (silenced.some((silence) => silences(silence, alert, now))) return undefined;
  const simulated = alert.simulated ? 'SIMULATED · ' : '';
  return {
    id: alert.id,
    title: `${simulated}${subjectOf(alert, study)}: ${alert.rule}`,
    body: [alert.legs, alert.text].filter(Boolean).join('. '),
    tag: `${alert.rule} ${alert.study}`,
  };
}
