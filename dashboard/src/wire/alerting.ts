import { Acknowledgement, PreviewAnswer, type Rule, Silence, type SilenceRequest } from '@tandem/common';
import {
  AcknowledgementsAnswer,
  type Alerting,
  emptyAlerting,
  RulesAnswer,
  SilencesAnswer,
  StoredRule,
} from '../state/alerting.ts';
import { deleteDocument, saveDocument } from './documents.ts';
import { poll } from './poll.ts';
import { ask } from './rest.ts';
import { readEndpoints } from './webhooks.ts';

/** A preview walks a week of bars. */
const previewPatience = 60_000;

/** Rules, silences and acknowledgements: asked for while they are looked at, and after each change of ours. */
export interface AlertingFeed {
  readonly state: Alerting;
  /** Why the newest of it is missing. */
  readonly fault: string | undefined;
  /** Called each second while they are looked at. */
  tick(): void;
  refresh(): Promise<void>;
  /** The silences of this moment; where they cannot be read, those that are known. */
  silencesNow(): Promise<readonly Silence[]>;
  /** Writes a rule made from a revision; 0: it is new. Rejects with the server's sentence. */
  saveRule(rule: Rule, revision: number): Promise<StoredRule>;
  deleteRule(id: string, revision: number): Promise<void>;
  preview(rule: unknown, signal: AbortSignal): Promise<PreviewAnswer>;
  acknowledge(alert: string, by: string, comment: string): Promise<void>;
  silence(request: SilenceRequest): Promise<Silence>;
  unsilence(id: string): Promise<void>;
}

async function read(): Promise<Alerting> {
  const [rules, silences, acknowledgements, endpoints] = await Promise.all([
    ask('/rules', RulesAnswer),
    ask('/silences', SilencesAnswer),
    ask('/acknowledgements', AcknowledgementsAnswer),
    readEndpoints(),
  ]);
  return {
    rules: rules.rows.toSorted((one, other) => one.id.localeCompare(other.id)),
    silences: silences.rows,
    acknowledgements: new Map(acknowledgements.rows.map((row) => [row.alert, row])),
    endpoints: endpoints.map(({ id }) => id),
  };
}

export function alertingFeed(changed: () => void): AlertingFeed {
  const known = poll(read, changed);
  const state = () => known.state.value ?? emptyAlerting;

  /** After a change of ours, whether it was taken or refused, what is then so is asked for. */
  function changing<Value>(asked: Promise<Value>): Promise<Value> {
    return asked.finally(() => void known.again());
  }

  return {
    get state() {
      return state();
    },
    get fault() {
      return known.state.fault?.message;
    },
    tick: known.tick,
    refresh: known.again,
    silencesNow: () =>
      ask('/silences', SilencesAnswer).then(
        ({ rows }) => rows,
        () => state().silences,
      ),
    saveRule: (rule, revision) => changing(saveDocument(`/rules/${rule.id}`, StoredRule, rule, revision)),
    deleteRule: (id, revision) => changing(deleteDocument(`/rules/${id}`, revision)),
    preview: (rule, signal) =>
      ask('/rules/preview', PreviewAnswer, {
        method: 'POST',
        document: { rule },
        signal: AbortSignal.any([signal, AbortSignal.timeout(previewPatience)]),
      }),
    async acknowledge(alert, by, comment) {
      const path = `/alerts/${encodeURIComponent(alert)}/acknowledge`;
      await changing(ask(path, Acknowledgement, { method: 'POST', document: { by, comment } }));
    },
    silence: (document) => changing(ask('/silences', Silence, { method: 'POST', document })),
    unsilence: (id) => changing(deleteDocument(`/silences/${id}`)),
  };
}
