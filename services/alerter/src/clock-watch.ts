import {
  FeedStatus,
  type Instrument,
  instrumentOf,
  instrumentSlug,
  intervalMs,
  isInScope,
  kindOf,
  liveDataset,
} from '@tandem/common';
import type { ServiceContext, Subscription } from '@tandem/runtime';
import { type AlertDesk, lookBack, type Raising } from './alert-desk.ts';
import { alertRow, type Circumstances, type Subject } from './core/alert-row.ts';
import { dataSample, feedSample, type HeardFeed, type HeardRow } from './core/clock-sample.ts';
import type { CompiledRule } from './core/compile-rule.ts';
import {
  type Bar,
  type Change,
  carried,
  evaluate,
  initialState,
  type RuleState,
  stateFromAlerts,
} from './core/rule-machine.ts';
import type { WatchedStudy } from './core/rule-watch.ts';
import type { ActiveRule } from './rule-book.ts';
import { StateDocument, stateBucket, stateKey } from './state-document.ts';

/** How often feeds and the age of data are looked at, ms. */
const every = 1_000;

export interface ClockWatchOptions {
  readonly dataset: string;
  readonly simulated: boolean;
  readonly instruments: readonly Instrument[];
  readonly studies: readonly WatchedStudy[];
  /** Looks by itself only if told to; tests look when they will. */
  readonly ticking: boolean;
  refuse(sentence: string): void;
}

/** A rule on the feed of one instrument, or on the age of one study's data. */
interface ClockRule {
  readonly compiled: CompiledRule;
  readonly subject: Subject;
  readonly slug: string;
  state: RuleState;
}

/**
 * Rules that a clock decides: feeds that are dead, studies without new rows. They are no function of the data, so they
 * live here and not among the rules on rows: a replay has none, and a restart goes on from what they told last.
 */
export class ClockWatch {
  readonly #context: Pick<ServiceContext, 'bus' | 'store' | 'settings' | 'log'>;
  readonly #desk: AlertDesk;
  readonly #options: ClockWatchOptions;
  readonly #feeds = new Map<Instrument, HeardFeed>();
  readonly #rows = new Map<string, HeardRow>();
  #rules: readonly ClockRule[] = [];
  #since = 0;
  #subscription: Subscription | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #busy = false;

  constructor(
    context: Pick<ServiceContext, 'bus' | 'store' | 'settings' | 'log'>,
    desk: AlertDesk,
    options: ClockWatchOptions,
  ) {
    this.#context = context;
    this.#desk = desk;
    this.#options = options;
  }

  /** Begins to listen, and to look once a second. */
  open(): void {
    if (this.#options.dataset !== liveDataset) return;
    this.#since = this.#desk.now;
    this.#subscription = this.#context.bus.subscribe('feeds.>', (subject, data) => this.#hear(subject, data));
    if (!this.#options.ticking) return;
    this.#timer = setInterval(() => {
      // A store that is slow must not pile up looks.
      if (!this.#busy) void this.look();
    }, every);
  }

  /** A row of a study has come. */
  hearRow(study: string, ended: number): void {
    const known = this.#rows.get(study);
    this.#rows.set(study, { ended: Math.max(ended, known?.ended ?? 0), live: true });
  }

  /** Takes up the rules that a clock decides, with what each has told. */
  async change(active: readonly ActiveRule[], refused: ReadonlySet<string>): Promise<void> {
    if (this.#options.dataset !== liveDataset) return;
    await this.#looking;
    this.#busy = true;
    try {
      await this.#change(active, refused);
    } finally {
      this.#busy = false;
    }
  }

  async #change(active: readonly ActiveRule[], refused: ReadonlySet<string>): Promise<void> {
    const kept = await this.#kept();
    const before = new Map(this.#rules.map((rule) => [keyOf(rule), rule]));
    const rules = active.flatMap(({ compiled }) => this.#subjectsOf(compiled));
    for (const rule of rules) {
      const old = before.get(keyOf(rule));
      await this.#knowRow(rule);
      if (old !== undefined) rule.state = old.compiled === rule.compiled ? old.state : carried(old.state);
      else rule.state = (await this.#told(rule)) ?? initialState;
    }
    const now = new Set(rules.map(keyOf));
    for (const key of new Set([...Object.keys(kept.states), ...before.keys()])) {
      const [rule = '', slug = ''] = key.split(' ');
      if (now.has(key) || refused.has(rule)) continue;
      await this.#desk.retire(rule, slug, { time: this.#desk.now }, this.#circumstances);
    }
    this.#rules = rules;
    await this.#remember();
  }

  /** Looks once. What cannot be stored is looked at again. */
  async look(): Promise<void> {
    this.#busy = true;
    this.#looking = this.#lookNow()
      .catch((error: unknown) => {
        const what = 'an alert about a feed or old data could not be raised; trying again:';
        this.#context.log.warn({ err: error }, what);
      })
      .finally(() => {
        this.#busy = false;
      });
    await this.#looking;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#subscription?.stop();
    await this.#looking;
  }

  async #lookNow(): Promise<void> {
    const now = Math.floor(this.#desk.now / every) * every;
    const rules = this.#rules;
    const next = new Map<ClockRule, RuleState>();
    const raisings: Raising[] = [];
    const changes: Change[] = [];
    for (const rule of rules) {
      next.set(rule, evaluate(rule.compiled, rule.state, this.#sampleOf(rule, now), true, changes));
      for (const change of changes.splice(0)) {
        const alert = alertRow(this.#circumstances, rule.compiled, rule.subject, change);
        const firedBefore = change.fired ?? undefined;
        raisings.push({ alert, endpoints: rule.compiled.rule.endpoints, firedBefore });
      }
    }
    await this.#desk.raise(raisings);
    for (const [rule, state] of next) rule.state = state;
    if (raisings.length > 0) await this.#remember();
    this.#desk.settle(raisings.map(({ alert }) => alert));
  }

  #sampleOf({ subject, slug }: ClockRule, now: number): Bar {
    if ('instrument' in subject) return feedSample(this.#feeds.get(subject.instrument), this.#since, now);
    return dataSample(this.#rows.get(slug), intervalMs[subject.study.interval], this.#since, now);
  }

  get #circumstances(): Circumstances {
    return { dataset: this.#options.dataset, late: false, simulated: this.#options.simulated };
  }

  #hear(subject: string, data: unknown): void {
    const parsed = FeedStatus.safeParse(data);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      this.#options.refuse(`a message on ${subject} is refused: ${issue?.path.join('.')}: ${issue?.message}`);
      return;
    }
    const { venue, symbol } = parsed.data;
    this.#feeds.set(instrumentOf(venue, symbol), { status: parsed.data, at: this.#desk.now });
  }

  #subjectsOf(compiled: CompiledRule): ClockRule[] {
    const { rule } = compiled;
    const { instruments, studies } = this.#options;
    const watched = studies.filter((study) => isInScope(rule, study));
    const make = (subject: Subject, slug: string) => ({ compiled, subject, slug, state: initialState });
    if (kindOf(rule) === 'data') return watched.map((study) => make({ study }, study.id));
    if (kindOf(rule) !== 'feeds') return [];
    const named = typeof rule.scope === 'object' ? rule.scope.instruments : undefined;
    const legs = new Set(watched.flatMap(({ y, x }) => [y, x]));
    return instruments
      .filter((one) => rule.scope === 'all' || (named?.includes(one) ?? legs.has(one)))
      .map((instrument) => make({ instrument }, instrumentSlug(instrument)));
  }

  /** The newest stored row of a study whose rows no message has brought yet. */
  async #knowRow({ subject }: ClockRule): Promise<void> {
    if ('instrument' in subject || this.#rows.has(subject.study.id)) return;
    const { id, interval } = subject.study;
    const where = { dataset: this.#options.dataset, study: id };
    const [row] = await this.#context.store.query('analytics', { where, order: 'descending', limit: 1 });
    if (row === undefined || this.#rows.has(id)) return;
    this.#rows.set(id, { ended: row.time + intervalMs[interval], live: false });
  }

  /** How a rule stood by its own last alerts. */
  async #told({ compiled, slug }: ClockRule): Promise<RuleState | undefined> {
    const where = { dataset: this.#options.dataset, rule: compiled.rule.id, study: slug };
    await this.#context.store.settled('alerts');
    const query = { where, order: 'descending', limit: lookBack } as const;
    const newest = await this.#context.store.query('alerts', query);
    const state = stateFromAlerts(newest, compiled.rule.bars)?.state;
    return state === undefined ? undefined : carried(state);
  }

  async #kept(): Promise<StateDocument> {
    const entry = await this.#context.settings.get(stateBucket, this.#key);
    return StateDocument.safeParse(entry?.value).data ?? { studies: {}, states: {} };
  }

  /** Notes what fires, so that it can be ended even if its rule is deleted while this process does not run. */
  async #remember(): Promise<void> {
    const states = Object.fromEntries(
      this.#rules
        .filter(({ state }) => state.phase === 'firing')
        .map((rule) => [keyOf(rule), { effectiveFrom: 0, mode: 'transition', state: rule.state } as const]),
    );
    const document: StateDocument = { studies: {}, states };
    await this.#context.settings.put(stateBucket, this.#key, document);
  }

  get #key(): string {
    return `${this.#options.dataset}.clock`;
  }
}

function keyOf({ compiled, slug }: ClockRule): string {
  return stateKey(compiled.rule.id, slug);
}
