import type { PreviewAnswer, PreviewEnd, PreviewFiring, PreviewStudy } from '@tandem/common';
import { duration, fixed, moment, unknown } from './format.ts';

const endWords: Record<PreviewEnd, string> = {
  resolved: 'resolved',
  stopped: 'beyond the stop first',
  firing: 'still firing',
  inhibited: 'inhibited: would not have fired',
  bar: 'one bar',
};

/** Firings that would have been alerts. */
function fired(ends: Partial<Record<PreviewEnd, number>>): number {
  return Object.entries(ends).reduce((sum, [end, count]) => sum + (end === 'inhibited' ? 0 : count), 0);
}

/** All studies together in one sentence. */
export function previewSummary({ studies, ends, perDay, timeToRevert }: PreviewAnswer): string {
  const judged = studies.reduce((sum, study) => sum + study.judged, 0);
  if (judged === 0) return 'No stored bar in this range can be judged: nothing can be said of it yet.';
  const often = perDay === null ? 'too short a time to say how often a day' : `${fixed(perDay, 1)} a day`;
  const parts = (['resolved', 'stopped', 'firing', 'inhibited'] as const)
    .filter((end) => (ends[end] ?? 0) > 0)
    .map((end) => `${ends[end]} ${endWords[end]}`);
  const revert = timeToRevert === null ? '' : ` Median time to revert: ${duration(timeToRevert)}.`;
  const count = fired(ends);
  return `On ${judged.toLocaleString('en-US')} bars of ${studies.length} ${studies.length === 1 ? 'study' : 'studies'} it would have fired ${count} ${count === 1 ? 'time' : 'times'}: ${often}.${parts.length > 0 ? ` ${parts.join(', ')}.` : ''}${revert}`;
}

export const previewColumns = [
  'Study',
  'Bars judged',
  'Condition met',
  'Fired',
  'Per day',
  'Resolved',
  'Stopped',
  'Inhibited',
  'Reverts in',
];

/** One study's row of the table, in the order of `previewColumns`. */
export function previewCells({ study, judged, met, ends, perDay, timeToRevert }: PreviewStudy): string[] {
  return [
    study,
    judged.toLocaleString('en-US'),
    judged === 0 ? unknown : `${fixed((100 * met) / judged, 1)} %`,
    String(fired(ends)),
    fixed(perDay, 1),
    String(ends.resolved ?? 0),
    String(ends.stopped ?? 0),
    String(ends.inhibited ?? 0),
    duration(timeToRevert),
  ];
}

/** One firing: "2026-01-01 12:00:00 UTC btc-eth-1m, sells the spread at z 2.31: resolved after 23 min". */
export function firingText({ study, time, direction, z, end, endTime }: PreviewFiring): string {
  const side = direction === null ? '' : direction === 'SHORT_SPREAD' ? ', sell spread' : ', buy spread';
  const at = z === null ? '' : ` at z ${fixed(z, 2)}`;
  const lasted = endTime === null || end === 'inhibited' ? '' : ` after ${duration(endTime - time)}`;
  return `${moment(time)} UTC ${study}${side}${at}: ${endWords[end]}${lasted}`;
}
