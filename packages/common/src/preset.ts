import { z } from 'zod';
import type { Condition } from './condition.ts';
import { Rule, type RuleDraft } from './rule.ts';
import type { RuleField } from './rule-field.ts';

const beyond = (field: RuleField, value: number): Condition => ({ field, is: '>=', value });
const within = (field: RuleField, value: number): Condition => ({ field, is: '<=', value });
/** The intervals that default rules run on: on shorter bars noise alone crosses |z| >= 2 on every seventh. */
const ruled = { intervals: ['1m', '5m'] as ('1m' | '5m')[] };

const deviation = (usual: number, help: string) =>
  z.number().positive().max(100).default(usual).describe(help);
const share = (usual: number, help: string) => z.number().min(0).max(1).default(usual).describe(help);

/** A kind of rule that people ask for, made of few numbers. */
export interface Preset<Parameters extends z.ZodObject = z.ZodObject> {
  readonly title: string;
  /** What it is for, in one sentence. */
  readonly help: string;
  /** Every parameter has a default. */
  readonly parameters: Parameters;
  /** The rule, with an id of the preset's name. Whatever else a rule can say may be changed afterwards. */
  rule(given?: z.input<Parameters>): Rule;
}

function preset<Parameters extends z.ZodObject>(
  title: string,
  help: string,
  parameters: Parameters,
  make: (parameters: z.output<Parameters>) => RuleDraft,
): Preset<Parameters> {
  return { title, help, parameters, rule: (given) => Rule.parse(make(parameters.parse(given ?? {}))) };
}

/** The presets by name. */
export const presets = {
  divergence: preset(
    'Threshold and correlation',
    'The spread is far from its mean while the legs still move together.',
    z.strictObject({
      z: deviation(2, 'Fires at this |z|'),
      correlation: z.number().min(-1).max(1).default(0.5).describe('And at no less correlation of returns'),
      rearm: z.number().min(0).max(100).default(0.5).describe('Ends at this |z|'),
    }),
    ({ z: level, correlation, rearm }) => ({
      id: 'divergence',
      name: 'Threshold and correlation',
      when: { all: [beyond('|z|', level), beyond('returnCorrelation', correlation)] },
      rearm: within('|z|', rearm),
      scope: ruled,
    }),
  ),
  'mean-reversion': preset(
    'Mean reversion',
    'Enter beyond a deviation, leave at the mean.',
    z.strictObject({
      entry: deviation(2, 'Fires beyond this |z|'),
      exit: z
        .number()
        .min(0)
        .max(100)
        .default(0)
        .describe('Ends at this |z|; at 0 when z has crossed its mean'),
    }),
    ({ entry, exit }) => ({
      id: 'mean-reversion',
      name: 'Mean reversion',
      when: { field: '|z|', is: '>', value: entry },
      rearm: within('|z|', exit),
      bars: 1,
      scope: ruled,
    }),
  ),
  'high-deviation': preset(
    'High deviation',
    'The spread is so far off that somebody should look.',
    z.strictObject({ z: deviation(3, 'Fires at this |z|') }),
    ({ z: level }) => ({
      id: 'high-deviation',
      name: 'High deviation',
      when: beyond('|z|', level),
      bars: 1,
      severity: 'critical',
      scope: ruled,
    }),
  ),
  'stationary-only': preset(
    'Stationary only',
    'A deviation of a pair that Engle and Granger call cointegrated.',
    z.strictObject({
      z: deviation(2, 'Fires at this |z|'),
      p: z.number().gt(0).max(1).default(0.05).describe('And at no more p of Engle–Granger than this'),
    }),
    ({ z: level, p }) => ({
      id: 'stationary-only',
      name: 'Stationary only',
      when: { all: [beyond('|z|', level), within('cointegrationP', p)] },
      scope: ruled,
    }),
  ),
  'low-liquidity': preset(
    'Low liquidity',
    'So many bars without a trade that prices are old.',
    z.strictObject({ share: share(0.2, 'Fires at this share of bars in which a leg did not trade') }),
    ({ share: empty }) => ({
      id: 'low-liquidity',
      name: 'Low liquidity',
      when: beyond('emptyShare', empty),
      rearm: within('emptyShare', empty / 2),
      severity: 'info',
      scope: ruled,
    }),
  ),
  'feed-dead': preset(
    'Feed dead',
    'An instrument is not heard of any more: every number about it is old.',
    z.strictObject({
      seconds: z
        .int()
        .min(1)
        .max(1_000)
        .default(30)
        .describe('Fires when its feed is down or silent for so long'),
    }),
    ({ seconds }) => ({
      id: 'feed-dead',
      name: 'Feed dead',
      when: {
        any: [
          { field: 'feed.state', is: '=', value: 'down' },
          { field: 'feed.state', is: '=', value: 'silent' },
        ],
      },
      bars: seconds,
      cooldown: 0,
      severity: 'critical',
      scope: 'all',
    }),
  ),
  'no-data': preset(
    'No data',
    'A study has no new row, though its bars should have closed.',
    z.strictObject({
      minutes: z.number().positive().max(1_440).default(5).describe('Fires when its next row is so late'),
    }),
    ({ minutes }) => ({
      id: 'no-data',
      name: 'No data',
      when: beyond('data.overdue', minutes * 60_000),
      bars: 1,
      cooldown: 0,
      severity: 'critical',
      scope: 'all',
    }),
  ),
} as const;
export type PresetName = keyof typeof presets;

/** A preset as it is shown: what it is for, the JSON Schema of its numbers, and the rule with their defaults. */
export const PresetView = z.strictObject({
  name: z.string(),
  title: z.string(),
  help: z.string(),
  parameters: z.looseObject({}),
  rule: Rule,
});
export type PresetView = z.infer<typeof PresetView>;

export function presetViews(): PresetView[] {
  return Object.entries(presets).map(([name, { title, help, parameters, rule }]) => ({
    name,
    title,
    help,
    parameters: z.toJSONSchema(parameters, { io: 'input' }),
    rule: rule(),
  }));
}

/** The rules of the first run. */
export const defaultRules: readonly Rule[] = [presets.divergence.rule(), presets['feed-dead'].rule()];
