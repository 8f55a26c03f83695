import {
  type Fault,
  faultsOf,
  faultText,
  type Preset,
  PresetView,
  PreviewAnswer,
  PreviewRequest,
  parseRule,
  presets,
  presetViews,
  Rule,
  RuleId,
  ruleJsonSchema,
  rulesBucket,
} from '@tandem/common';
import { z } from 'zod';
import {
  type AlertingRoute,
  ask,
  listOf,
  named,
  Refused,
  Revised,
  removal,
  writtenBack,
} from './alerting-route.ts';
import { endpointsOf } from './endpoint-routes.ts';
import { unknownNames } from './unknown-names.ts';

/** Reads and writes rules, and shows what they would do. */
export const ruleRoutes: readonly AlertingRoute[] = [
  {
    verb: 'get',
    path: '/rules',
    summary: 'The rules, with their revisions',
    answer: listOf(Revised),
    respond: async (_, { settings }) => ({
      rows: (await settings.list(rulesBucket)).map(({ value, revision }) => ({
        ...(value as object),
        revision,
      })),
    }),
  },
  {
    verb: 'put',
    path: '/rules/:id',
    summary: 'Writes a rule; it takes effect from the newest bar on',
    body: Rule,
    answer: Revised,
    async respond({ id, revision, body }, sources) {
      const { document, from } = writtenBack(body, revision);
      const parsed = parseRule({ id: named(RuleId, id), ...document });
      if ('faults' in parsed) throw refusal(parsed.faults);
      if (parsed.rule.id !== id) throw refusal([{ path: 'id', reason: `must be ${JSON.stringify(id)}` }]);
      const unknown = unknownNames(parsed.rule, {
        studies: sources.studies(),
        instruments: sources.instruments(),
        endpoints: parsed.rule.endpoints === 'all' ? [] : (await endpointsOf(sources)).map((one) => one.id),
      });
      if (unknown.length > 0) throw refusal(unknown);
      // History never fires.
      const rule = { ...parsed.rule, effectiveFrom: await sources.newestBar() };
      const entry = await sources.settings.put(rulesBucket, id, rule, from);
      return { ...rule, revision: entry.revision };
    },
  },
  removal('/rules/:id', 'Deletes a rule', RuleId, rulesBucket),
  {
    verb: 'get',
    path: '/rules/presets',
    summary: 'Kinds of rules that people ask for, each made of few numbers',
    answer: listOf(PresetView),
    respond: async () => ({ rows: presetViews() }),
  },
  {
    verb: 'post',
    path: '/rules/presets/:id',
    summary: 'The rule that a preset makes of some numbers; saves nothing',
    body: z.looseObject({}),
    answer: Rule,
    async respond({ id, body }) {
      const preset = (presets as Readonly<Record<string, Preset>>)[id];
      if (preset === undefined || !Object.hasOwn(presets, id)) {
        const names = Object.keys(presets).join(', ');
        throw new Refused(404, `There is no preset ${JSON.stringify(id)}; there are ${names}.`);
      }
      const parameters = preset.parameters.safeParse(body);
      if (!parameters.success)
        throw new Refused(400, `The preset is refused: ${faultText(faultsOf(parameters.error))}.`);
      return preset.rule(parameters.data);
    },
  },
  {
    verb: 'get',
    path: '/rules/schema',
    summary: 'The JSON Schema of a rule as it may be written down',
    answer: z.looseObject({}),
    respond: async () => ruleJsonSchema(),
  },
  {
    verb: 'post',
    path: '/rules/preview',
    summary: 'What a rule would have done on the stored history, before it is saved',
    body: PreviewRequest,
    answer: PreviewAnswer,
    respond: ({ body }, sources) => ask(sources, 'preview', PreviewAnswer, body),
  },
];

function refusal(faults: readonly Fault[]): Refused {
  return new Refused(400, `The rule is refused: ${faultText(faults)}.`);
}
