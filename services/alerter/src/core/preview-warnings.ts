import { intervalMs, isEntryRule, type PreviewStudy, type Rule } from '@tandem/common';
import type { PreviewResult } from './preview.ts';
import type { WatchedStudy } from './rule-watch.ts';

/** Firings of one study a day beyond which a rule is a nuisance: one every two hours. */
const noisyPerDay = 12;
/** Share of bars that meet the condition beyond which it is no exception. */
const noisyShare = 0.1;
/** Bars below which a share says nothing. */
const leastJudged = 200;

/** Why a rule would be a nuisance, by its own history: one sentence each; none if it would not. */
export function noiseOf(rule: Rule, studies: readonly PreviewStudy[]): string[] {
  const sentences: string[] = [];
  const busy = studies.filter(({ perDay }) => perDay !== null && perDay > noisyPerDay);
  const [busiest] = busy.toSorted((one, other) => (other.perDay ?? 0) - (one.perDay ?? 0));
  if (busiest !== undefined) {
    sentences.push(
      `${busiest.study} would fire ${fixed(busiest.perDay ?? 0)} times a day${others(busy.length)}: more than ${noisyPerDay} a study and day are hardly looked at. Ask for more bars in a row, a higher threshold or a longer cooldown`,
    );
  }
  const common = studies.filter(({ judged, met }) => judged >= leastJudged && met / judged > noisyShare);
  const [most] = common.toSorted((one, other) => other.met / other.judged - one.met / one.judged);
  if (most !== undefined) {
    const share = Math.round((100 * most.met) / most.judged);
    sentences.push(
      `on ${most.study} the condition held on ${share} % of ${most.judged} bars${others(common.length)}: that is no exception${rule.mode === 'every' ? ', and each of them would be an alert' : ''}`,
    );
  }
  return sentences;
}

/** What else is to be known before the rule is saved. */
export function remarksOn(
  rule: Rule,
  watched: readonly WatchedStudy[],
  results: readonly Pick<PreviewResult, 'study' | 'overlaps'>[],
): string[] {
  const sentences: string[] = [];
  const studies = results.map(({ study }) => study);
  const overlaps = results.reduce((sum, one) => sum + one.overlaps, 0);
  if (overlaps > 0) {
    sentences.push(
      `${overlaps === 1 ? 'a firing' : `${overlaps} firings`} ended on a bar that still met the condition: what re-arms the rule overlaps what it looks for`,
    );
  }
  if (watched.length === 0) sentences.push('no study is in its scope: it would never fire');
  const empty = studies.filter(({ rows }) => rows === 0);
  if (empty.length > 0)
    sentences.push(`no row is stored in this range of ${empty.map(({ study }) => study).join(', ')}`);
  const short = watched.filter(({ interval }) => intervalMs[interval] < 60_000);
  if (isEntryRule(rule) && short.length > 0) {
    sentences.push(
      `bars of ${[...new Set(short.map(({ interval }) => interval))].join(', ')} are mostly noise: of any two walks |z| is 2 or more on about 16 % of bars`,
    );
  }
  return sentences;
}

function others(count: number): string {
  return count > 1 ? `, and ${count - 1} more ${count === 2 ? 'study' : 'studies'} too often` : '';
}

function fixed(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(1);
}
