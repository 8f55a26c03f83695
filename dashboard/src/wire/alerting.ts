import { Acknowledgement, PreviewAnswer, type Rule, Silence, type SilenceRequest } from '@tandem/common';
import { z } from 'zod';
import {
  AcknowledgementsAnswer,
  type Alerting,
  EndpointsAnswer,
  emptyAlerting,
  RulesAnswer,
  SilencesAnswer,
  StoredRule,
} from '../state/alerting.ts';
import { ask, faultSentence } from './rest.ts';

/** How often the page looks whether somebody else has changed anything, ms. */
const spacing = 5_000;
/** A preview walks a week of bars. */
const previewPatience = 60_000;

/** Rules, silences and acknowledgements: asked for while they are looked at, and after each change of ours. */
export interface AlertingFeed {
  readonly state: Alerting;
  /** Called each second while they are looked at. */
  tick(): void;
  refresh(): Promise<void>;
  /** Writes a rule made from a revision; 0: it is new. Rejects with the server's sentence. */
  saveRule(rule: Rule, revision: number): Promise<StoredRule>;
  deleteRule(id: string, revision: number): Promise<void>;
  preview(rule: unknown, signal: AbortSignal): Promise<PreviewAnswer>;
  acknowledge(alert: string, by: string, comment: string): Promise<void>;
  silence(request: SilenceRequest): Promise<Silence>;
  unsilence(id: string): Promise<void>;
}

const Gone = z.object({ id: z.string() });

export function alertingFeed(changed: () => void): AlertingFeed {
  const state = emptyAlerting();
  let asked = 0;

  async function refresh(): Promise<void> {
    asked = Date.now();
    try {
      const [rules, silences, acknowledgements, endpoints] = await Promise.all([
        ask('/rules', RulesAnswer),
        ask('/silences', SilencesAnswer),
        ask('/acknowledgements', AcknowledgementsAnswer),
        ask('/endpoints', EndpointsAnswer),
      ]);
      state.rules = rules.rows.toSorted((one, other) => one.id.localeCompare(other.id));
      state.silences = silences.rows;
      state.acknowledgements = new Map(acknowledgements.rows.map((row) => [row.alert, row]));
      state.endpoints = endpoints.rows.map(({ id }) => id);
      state.fault = undefined;
    } catch (fault) {
      state.fault = faultSentence(fault);
    }
    changed();
  }

  /** Asks for a change, and for what is then so. */
  async function change<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    method: string,
    document?: unknown,
  ): Promise<z.infer<Schema>> {
    try {
      return await ask(path, schema, document === undefined ? { method } : { method, document });
    } finally {
      void refresh();
    }
  }

  return {
    state,
    tick() {
      if (Date.now() - asked >= spacing) void refresh();
    },
    refresh,
    saveRule: (rule, revision) => change(`/rules/${rule.id}?revision=${revision}`, StoredRule, 'PUT', rule),
    async deleteRule(id, revision) {
      await change(`/rules/${id}?revision=${revision}`, Gone, 'DELETE');
    },
    preview: (rule, signal) =>
      ask('/rules/preview', PreviewAnswer, {
        method: 'POST',
        document: { rule },
        signal: AbortSignal.any([signal, AbortSignal.timeout(previewPatience)]),
      }),
    async acknowledge(alert, by, comment) {
      const path = `/alerts/${encodeURIComponent(alert)}/acknowledge`;
      await change(path, Acknowledgement, 'POST', { by, comment });
    },
    silence: (request) => change('/silences', Silence, 'POST', request),
    async unsilence(id) {
      await change(`/silences/${id}`, Gone, 'DELETE');
    },
  };
}
