import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Alert,
  type Analytics,
  type Instrument,
  intervalMs,
  liveDataset,
  type RuleDraft,
  rulesBucket,
  subjects,
} from '@tandem/common';
import { backoff, type ServiceContext, type Subscription } from '@tandem/runtime';
import { acknowledge, forgetAcknowledgements } from './acknowledge.ts';
import { AlertDesk } from './alert-desk.ts';
import { AlertKeeper, keptStates } from './alert-keeper.ts';
import { ClockWatch } from './clock-watch.ts';
import type { WatchedStudy } from './core/rule-watch.ts';
import type { Deliveries } from './delivery/deliveries.ts';
import { inTurn } from './in-turn.ts';
import { Previewer } from './preview.ts';
import { reconcile } from './reconcile.ts';
import { replayStored } from './recovery.ts';
import { RuleBook, type Rules } from './rule-book.ts';
import { newestBar, studiesFrom, watchesOf } from './rules-in-force.ts';
import { SilenceBook } from './silence-book.ts';

export interface EvaluationOptions {
  readonly dataset: string;
  readonly simulated: boolean;
  readonly studies: readonly WatchedStudy[];
  /** The instruments whose feeds rules may look at. */
  readonly instruments?: readonly Instrument[] | undefined;
  readonly rules: readonly RuleDraft[];
  readonly effectiveFrom?: number | undefined;
  readonly signal: AbortSignal;
  refuse(what: 'rule' | 'silence' | 'feed', sentence: string): void;
  /** Told, whenever the rules were read, of the refusals that stand. */
  standing(refusals: readonly string[]): void;
  onAlert(alert: Alert): void;
}

/** Rules, what they know, and what they lead to. */
export interface Evaluation {
  /** Reads what the rules knew and the rows that they have not seen; again after the stream has forgotten some. */
  begin(): Promise<void>;
  /** Evaluates rows; resolves with the number of those that were not new when every effect is durable. */
  take(rows: readonly Analytics[]): Promise<number>;
  /** Rules in force. */
  readonly rules: number;
  /** After the signal has aborted. */
  end(): Promise<void>;
}

/** Puts rules in force, their changes too, and serves what can be asked about alerts. */
export async function startEvaluation(
  context: ServiceContext,
  deliveries: Deliveries,
  options: EvaluationOptions,
): Promise<Evaluation> {
  const { bus, settings, log } = context;
  const { dataset, studies, signal } = options;
  const live = dataset === liveDataset;
  const silences = new SilenceBook(context, {
    documents: live,
    refuse: (sentence) => options.refuse('silence', sentence),
  });
  const desk = new AlertDesk(context, {
    dataset,
    deliveries,
    silenced: (alert, now) => silences.reason(alert, now),
    onAlert: options.onAlert,
  });
  const keeper = new AlertKeeper(context, desk, options);
  const clockWatch = new ClockWatch(context, desk, {
    ...options,
    instruments: options.instruments ?? [],
    ticking: true,
    refuse: (sentence) => options.refuse('feed', sentence),
  });
  const now = () => newestBar(context, dataset, options.effectiveFrom);
  const book = new RuleBook(context, {
    ...options,
    now,
    refuse: (sentence) => options.refuse('rule', sentence),
  });
  const turn = inTurn();
  const steps = new Map(studies.map(({ id, interval }) => [id, intervalMs[interval]]));
  let froms: ReadonlyMap<string, number> = new Map();
  let rules: Rules = { active: [], refused: new Set() };
  let background: Promise<void> = Promise.resolve();

  const takeNow = async (rows: readonly Analytics[]): Promise<number> => {
    const { repeated } = await keeper.take(rows);
    for (const { study, time } of rows) clockWatch.hearRow(study, time + (steps.get(study) ?? 0));
    return repeated;
  };
  /** Takes up rules that were changed while rows come in. */
  const change = async (): Promise<void> => {
    const next = await book.read();
    const same = (one: Rules, other: Rules) =>
      one.active.length === other.active.length && one.active.every((rule, at) => rule === other.active[at]);
    if (same(rules, next)) return;
    await keeper.change(watchesOf(next.active, studies, froms), next.refused);
    await clockWatch.change(next.active, next.refused);
    rules = next;
    log.info({ rules: next.active.length }, 'the rules have changed');
  };
  let outdated = false;
  const changePatiently = async (): Promise<void> => {
    for (let attempt = 1; outdated && !signal.aborted; attempt++) {
      outdated = false;
      try {
        await turn(change);
      } catch (error) {
        outdated = true;
        log.warn({ err: error }, 'changed rules could not be taken up; trying again:');
        await sleep(backoff(attempt, Math.random()), undefined, { signal }).catch(() => {});
      }
    }
  };

  await silences.open();
  clockWatch.open();
  const stopWatching = live
    ? settings.watch(rulesBucket, () => {
        if (outdated) return;
        outdated = true;
        background = background.then(changePatiently);
      })
    : () => {};
  const serving: Subscription[] = [];
  const serve = (method: string, answer: (data: unknown) => Promise<unknown>) =>
    void serving.push(bus.serve(subjects.rpc('alerter', method), answer));
  const previewer = new Previewer(context, dataset, studies, signal);
  serve('preview', (data) => previewer.preview(data));
  if (live) {
    serve('acknowledge', (data) => acknowledge(context, dataset, data));
    serve('silence', (data) => silences.begin(data));
    serve('unsilence', (data) => silences.end(data));
  }

  return {
    begin: () =>
      turn(async () => {
        const document = await keptStates(settings, dataset);
        froms = await studiesFrom(studies, document, now);
        rules = await book.read();
        await keeper.restore(document, watchesOf(rules.active, studies, froms), froms, rules.refused);
        await replayStored(context, dataset, keeper, (rows) => keeper.take(rows));
        await clockWatch.change(rules.active, rules.refused);
        // Nobody waits for what was amended long ago.
        const later = () => turn(() => tidy(context, dataset, desk, live));
        background = background.then(later).catch((error: unknown) => {
          if (!signal.aborted) log.warn({ err: error }, 'older alerts could not be looked at:');
        });
      }),
    take: (rows) => turn(() => takeNow(rows)),
    get rules() {
      return rules.active.length;
    },
    async end() {
      for (const one of serving) one.stop();
      stopWatching();
      silences.close();
      await clockWatch.close();
      await background;
      await turn(() => keeper.end()).catch((error: unknown) => {
        log.warn({ err: error }, 'what the rules know could not be kept; the rows tell it again:');
      });
    },
  };
}

async function tidy(context: ServiceContext, dataset: string, desk: AlertDesk, live: boolean): Promise<void> {
  await reconcile(context, dataset, desk);
  if (live) await forgetAcknowledgements(context);
}
