import { type Alert, type Analytics, liveDataset } from '@tandem/common';
import type { ServiceContext } from '@tandem/runtime';
import { type AlertDesk, lookBack, type Raising } from './alert-desk.ts';
import { alertRow } from './core/alert-row.ts';
import { carried, type RuleState, stateFromAlerts } from './core/rule-machine.ts';
import { byStudy, evaluateRows, type Finding, type Watch, type Watches } from './core/rule-watch.ts';
import { isBlank, type KeptState, StateDocument, stateBucket, stateKey } from './state-document.ts';
import { StateWriter } from './state-writer.ts';

export interface AlertKeeperOptions {
  readonly dataset: string;
  readonly simulated: boolean;
}

/** What the alerts themselves say of a watch, where they are newer than the state that was kept. */
interface Proof {
  /** Rows up to this time have been evaluated: there is an alert of it. */
  readonly until: number;
  readonly state: RuleState;
}

/** Turns rows into alerts, and keeps what the rules know. */
export class AlertKeeper {
  readonly #context: Pick<ServiceContext, 'store' | 'settings'>;
  readonly #desk: AlertDesk;
  readonly #options: AlertKeeperOptions;
  #watches: readonly Watch[] = [];
  #byStudy: Watches = new Map();
  /** By study: the bar time from which it takes effect. */
  #froms: ReadonlyMap<string, number> = new Map();
  readonly #proofs = new Map<Watch, Proof>();
  /** By study: the bar time up to which what the rules know is kept. */
  #kept: ReadonlyMap<string, number> = new Map();
  readonly #writer = new StateWriter(() => this.#remember());

  constructor(
    context: Pick<ServiceContext, 'store' | 'settings'>,
    desk: AlertDesk,
    options: AlertKeeperOptions,
  ) {
    this.#context = context;
    this.#desk = desk;
    this.#options = options;
  }

  get watches(): readonly Watch[] {
    return this.#watches;
  }

  /** Bar times at which rows have to be divided on recovery, so that each is compared with what was raised then. */
  proofTimes(study: string): number[] {
    return [...this.#proofs].flatMap(([watch, { until }]) => (watch.study.id === study ? [until] : []));
  }

  /**
   * Takes up the watches with what each knew: from the settings; where that is lost, from its last alerts. Alerts that
   * are newer than what was kept are proof of how far it came. What fires though `refused` does not name its rule, and
   * no watch is there for it, is ended.
   */
  async restore(
    document: StateDocument,
    watches: readonly Watch[],
    froms: ReadonlyMap<string, number>,
    refused: ReadonlySet<string>,
  ): Promise<void> {
    this.#take(watches, froms);
    this.#proofs.clear();
    for (const watch of watches) {
      const study = document.studies[watch.study.id];
      const kept = document.states[keyOf(watch)];
      watch.time = study?.time ?? null;
      if (kept !== undefined) {
        watch.state = kept.effectiveFrom === watch.effectiveFrom ? kept.state : carried(kept.state);
      } else if (study === undefined) {
        const told = await this.#told(watch);
        watch.state = told?.state ?? watch.state;
        watch.time = told?.time ?? null;
      }
    }
    await this.#findProofs();
    const watched = new Set(watches.map(keyOf));
    for (const [key, kept] of Object.entries(document.states)) {
      const [rule = '', study = ''] = key.split(' ');
      if (watched.has(key) || refused.has(rule)) continue;
      await this.#retire(rule, study, kept.mode, kept.state, document.studies[study]?.time ?? null);
    }
    await this.#writer.now();
  }

  /** Takes up other watches while rows come in. A rule that was changed goes on with what it had fired. */
  async change(watches: readonly Watch[], refused: ReadonlySet<string>): Promise<void> {
    const before = new Map(this.#watches.map((watch) => [keyOf(watch), watch]));
    for (const watch of watches) {
      const old = before.get(keyOf(watch));
      watch.time = this.#timeOf(watch.study.id);
      if (old === undefined) continue;
      const same = old.effectiveFrom === watch.effectiveFrom && old.compiled === watch.compiled;
      watch.state = same ? old.state : carried(old.state);
    }
    const now = new Set(watches.map(keyOf));
    const gone = this.#watches.filter((watch) => !now.has(keyOf(watch)));
    for (const { compiled, study, state, time } of gone) {
      if (!refused.has(compiled.rule.id))
        await this.#retire(compiled.rule.id, study.id, compiled.rule.mode, state, time);
    }
    this.#take(watches, this.#froms);
    await this.#writer.now();
  }

  /**
   * Evaluates rows; resolves when every effect of them is durable. May be repeated after a failure. What the rules know
   * is kept a little later: should the process die before, the rows and the alerts tell it again. A row that was
   * amended does not: that it was evaluated before, and found nothing, is kept at once.
   */
  async take(rows: readonly Analytics[]): Promise<{ repeated: number; amended: number }> {
    const { findings, repeated, evaluated, commit } = evaluateRows(this.#byStudy, rows);
    const raisings = findings.filter((finding) => this.#isNew(finding)).map((one) => this.#raising(one));
    await this.#desk.raise(raisings);
    const amended = await this.#desk.annotate(repeated);
    commit();
    this.#prove();
    if (repeated.some(({ study, time }) => time > (this.#kept.get(study) ?? -1))) await this.#writer.now();
    else if (evaluated > 0) await this.#writer.note();
    this.#desk.settle(raisings.map(({ alert }) => alert));
    return { repeated: repeated.length, amended };
  }

  /** How a rule stands by its own last alerts. */
  async #told({ compiled, study }: Watch): Promise<{ state: RuleState; time: number } | undefined> {
    const where = { dataset: this.#options.dataset, rule: compiled.rule.id, study: study.id };
    const query = { where, order: 'descending', limit: lookBack } as const;
    return stateFromAlerts(await this.#context.store.query('alerts', query), compiled.rule.bars);
  }

  /** Alerts that are newer than what was kept. */
  async #findProofs(): Promise<void> {
    if (this.#watches.length === 0) return;
    const known = (watch: Watch) => Math.max(watch.effectiveFrom, watch.time ?? -1);
    const from = Math.min(...this.#watches.map(known)) + 1;
    const where = { dataset: this.#options.dataset };
    const newer = new Map<string, Alert[]>();
    for (const alert of await this.#context.store.query('alerts', { where, from })) {
      const key = stateKey(alert.rule, alert.study);
      const group = newer.get(key);
      if (group === undefined) newer.set(key, [alert]);
      else group.push(alert);
    }
    for (const watch of this.#watches) {
      const alerts = newer.get(keyOf(watch))?.filter(({ time }) => time > known(watch)) ?? [];
      const told = alerts.length > 0 ? await this.#told(watch) : undefined;
      if (told === undefined) continue;
      this.#proofs.set(watch, { until: told.time, state: told.state });
      await this.#desk.recall(alerts);
    }
  }

  /** Resolves when all that the rules have come to know is kept. */
  end(): Promise<void> {
    return this.#writer.settle();
  }

  #take(watches: readonly Watch[], froms: ReadonlyMap<string, number>): void {
    this.#watches = watches;
    this.#byStudy = byStudy(watches);
    this.#froms = froms;
  }

  /** Of a row that was evaluated before, only what was raised then is raised again: it may have been amended since. */
  #isNew({ watch, change }: Finding): boolean {
    const proof = this.#proofs.get(watch);
    if (proof === undefined || change.bar.time > proof.until) return true;
    return this.#desk.knows(this.#raising({ watch, change }).alert.id);
  }

  /** Where what was raised says something else than the rows as they are now, it is right. */
  #prove(): void {
    for (const [watch, { until, state }] of this.#proofs) {
      if (watch.time === null || watch.time < until) continue;
      const agrees = watch.state.phase === state.phase && watch.state.direction === state.direction;
      const counting = state.phase === 'inactive' && watch.state.phase === 'pending';
      if (watch.time === until && !agrees && !counting) watch.state = state;
      this.#proofs.delete(watch);
    }
  }

  #raising({ watch, change }: Finding): Raising {
    const { dataset, simulated } = this.#options;
    const closed = change.bar.time + watch.step;
    const late = dataset === liveDataset && this.#desk.now - closed > 2 * watch.step + 60_000;
    const { compiled, study } = watch;
    const alert = alertRow({ dataset, late, simulated }, compiled, { study }, change);
    const { fired } = change;
    const firedBefore = fired != null && fired <= watch.effectiveFrom ? fired : undefined;
    return { alert, endpoints: compiled.rule.endpoints, firedBefore };
  }

  /** Ends a firing that nothing else will end. */
  async #retire(
    rule: string,
    study: string,
    mode: KeptState['mode'],
    state: RuleState,
    time: number | null,
  ): Promise<void> {
    if (state.phase !== 'firing' || mode === 'every' || time === null) return;
    const { dataset, simulated } = this.#options;
    const at = { from: time, to: time + 1 };
    const [row] = await this.#context.store.query('analytics', { where: { dataset, study }, ...at });
    await this.#desk.retire(rule, study, row ?? { time }, { dataset, late: false, simulated });
  }

  #timeOf(study: string): number | null {
    const times = (this.#byStudy.get(study) ?? []).flatMap(({ time }) => time ?? []);
    return times.length === 0 ? null : Math.max(...times);
  }

  async #remember(): Promise<void> {
    const document: StateDocument = { studies: {}, states: {} };
    const kept = new Map<string, number>();
    for (const [study, from] of this.#froms) {
      const time = this.#timeOf(study);
      document.studies[study] = { time, from };
      if (time !== null) kept.set(study, time);
    }
    for (const watch of this.#watches) {
      const { compiled, effectiveFrom, state, time } = watch;
      if (isBlank(state, time, compiled.rule.cooldown)) continue;
      document.states[keyOf(watch)] = { effectiveFrom, mode: compiled.rule.mode, state };
    }
    await this.#context.settings.put(stateBucket, this.#options.dataset, document);
    this.#kept = kept;
  }
}

/** The state of all rules as it was kept; nothing where it cannot be read. */
export async function keptStates(
  settings: ServiceContext['settings'],
  dataset: string,
): Promise<StateDocument> {
  const entry = await settings.get(stateBucket, dataset);
  return StateDocument.safeParse(entry?.value).data ?? { studies: {}, states: {} };
}

function keyOf({ compiled, study }: Watch): string {
  return stateKey(compiled.rule.id, study.id);
}
