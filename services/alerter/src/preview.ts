import { setImmediate as breathe } from 'node:timers/promises';
import {
  faultsOf,
  faultText,
  intervalMs,
  isInScope,
  kindOf,
  type PreviewAnswer,
  PreviewRequest,
  parseRule,
  type Rule,
  ruleText,
} from '@tandem/common';
import { Refusal, type ServiceContext } from '@tandem/runtime';
import { compileRule } from './core/compile-rule.ts';
import { firingsIn, median, noEnds, StudyPreview } from './core/preview.ts';
import { noiseOf, remarksOn } from './core/preview-warnings.ts';
import type { WatchedStudy } from './core/rule-watch.ts';

const day = 24 * 60 * 60_000;

/** Days looked at unless said otherwise. */
const usualDays = 7;
/** Rows read at a time: what others in the process wait for. */
const chunk = 250;
/** Rows looked at by one preview, of all studies together. */
const mostRows = 100_000;
/** Firings listed in one answer. */
const mostListed = 1_000;
/** Previews under way at one time. */
const atOnce = 2;

/** Shows what a rule would have done on the rows that are stored, before it is saved. Nothing is changed by it. */
export class Previewer {
  readonly #context: Pick<ServiceContext, 'store' | 'clock'>;
  readonly #dataset: string;
  readonly #studies: readonly WatchedStudy[];
  readonly #signal: AbortSignal;
  #running = 0;

  constructor(
    context: Pick<ServiceContext, 'store' | 'clock'>,
    dataset: string,
    studies: readonly WatchedStudy[],
    signal: AbortSignal,
  ) {
    this.#context = context;
    this.#dataset = dataset;
    this.#studies = studies;
    this.#signal = signal;
  }

  async preview(given: unknown): Promise<PreviewAnswer> {
    const request = PreviewRequest.safeParse(given);
    if (!request.success) throw refusal(faultText(faultsOf(request.error)));
    const parsed = parseRule({ id: 'draft', ...request.data.rule });
    if ('faults' in parsed) {
      const within = parsed.faults.map(({ path, reason }) => ({ path: `rule.${path}`, reason }));
      throw refusal(faultText(within));
    }
    const { rule } = parsed;
    if (kindOf(rule) !== 'rows')
      throw refusal('a rule on feeds or the age of data has no stored history to be looked at');
    const to = request.data.to ?? (this.#context.clock ?? Date.now)();
    const from = request.data.from ?? to - usualDays * day;
    if (from >= to) throw refusal('from: lies at or after the end');
    if (this.#running >= atOnce) throw refusal('others are under way; try again in a few seconds');
    this.#running++;
    try {
      return await this.#look(rule, from, to);
    } finally {
      this.#running--;
    }
  }

  async #look(rule: Rule, from: number, to: number): Promise<PreviewAnswer> {
    const watched = this.#studies.filter((study) => isInScope(rule, study));
    const compiled = compileRule(rule);
    const most = Math.floor(mostRows / Math.max(1, watched.length));
    await this.#context.store.settled('analytics');
    const previews: StudyPreview[] = [];
    const cut: string[] = [];
    for (const study of watched) {
      const step = intervalMs[study.interval];
      const preview = new StudyPreview(compiled, study, step);
      const begin = Math.max(from, to - most * step);
      if (await this.#hasRows(study.id, from, begin)) cut.push(study.id);
      await this.#read(study.id, begin, to, preview);
      previews.push(preview);
    }
    const results = previews.map((preview) => preview.result());
    const studies = results.map(({ study }) => study);
    const ends = noEnds();
    for (const { study } of results) {
      for (const [end, count] of Object.entries(study.ends)) ends[end as keyof typeof ends] += count;
    }
    const firings = results
      .flatMap((result) => result.firings)
      .sort((one, other) => one.time - other.time || (one.study < other.study ? -1 : 1));
    const listed = firings.slice(-mostListed);
    const rates = studies.flatMap(({ perDay }) => perDay ?? []);
    const noise = noiseOf(rule, studies);
    const bounds = `only the newest ${most} bars of ${cut.join(', ')} were looked at: ask for a shorter range`;
    return {
      text: ruleText(rule),
      studies,
      ends,
      perDay: rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0),
      timeToRevert: median(results.flatMap(({ reverts }) => reverts)),
      firings: listed,
      left: firingsIn(ends) + ends.inhibited - listed.length,
      noisy: noise.length > 0,
      warnings: [...noise, ...remarksOn(rule, watched, results), ...(cut.length > 0 ? [bounds] : [])],
    };
  }

  async #hasRows(study: string, from: number, to: number): Promise<boolean> {
    if (from >= to) return false;
    const where = { dataset: this.#dataset, study };
    return (await this.#context.store.query('analytics', { where, from, to, limit: 1 })).length > 0;
  }

  async #read(study: string, from: number, to: number, preview: StudyPreview): Promise<void> {
    for (let next = from; ; ) {
      this.#signal.throwIfAborted();
      const rows = await this.#context.store.query('analytics', {
        where: { dataset: this.#dataset, study },
        from: next,
        to,
        limit: chunk,
      });
      preview.take(rows);
      const last = rows.at(-1);
      if (last === undefined || rows.length < chunk) return;
      next = last.time + 1;
      await breathe();
    }
  }
}

function refusal(why: string): Refusal {
  return new Refusal(`the preview is refused: ${why}`);
}
