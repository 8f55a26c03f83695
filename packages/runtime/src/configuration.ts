import { fromFlags, type Given, suggestion } from './command-line.ts';
import type { ConfigurationOf, Description } from './setting.ts';

export type Reading<Configuration> =
  | { readonly kind: 'configuration'; readonly configuration: Configuration }
  /** `--help` was asked for. */
  | { readonly kind: 'help'; readonly text: string }
  /** Every fault, one sentence each. */
  | { readonly kind: 'faults'; readonly faults: readonly string[] };

/**
 * Reads settings from the environment and the command line, once, into a frozen object.
 *
 * A variable `TANDEM_…` or a flag that nobody knows is a fault; an empty variable counts as not set. `check`
 * finds faults between settings, each a sentence, once each setting is right by itself.
 */
export function readConfiguration<Described extends Description>(
  description: Described,
  env: Readonly<Record<string, string | undefined>>,
  argv: readonly string[],
  check: (configuration: ConfigurationOf<Described>) => readonly string[] = () => [],
): Reading<ConfigurationOf<Described>> {
  if (argv.includes('--help')) return { kind: 'help', text: helpOf(description) };
  const faults = unknownVariables(description, env);
  const given = new Map([...fromEnvironment(description, env), ...fromFlags(description, argv, faults)]);
  const text = (name: string): string => {
    const fallback = description[name]?.default;
    return given.get(name)?.text ?? (typeof fallback === 'function' ? fallback(text) : (fallback ?? ''));
  };
  const faultsOfDefaults: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(description)) {
    if (!given.has(name) && setting.default === undefined) {
      values[name] = undefined;
      continue;
    }
    const parsed = setting.schema.safeParse(text(name));
    if (parsed.success) values[name] = deepFrozen(parsed.data);
    else {
      const where = given.get(name)?.where;
      const shown = setting.secret ? 'refused' : `${JSON.stringify(text(name))}, which is refused`;
      const sentence = `${where ?? `the default of ${setting.flag}`} is ${shown}: ${parsed.error.issues[0]?.message}`;
      (where === undefined ? faultsOfDefaults : faults).push(sentence);
    }
  }
  // A default that stands on a refused setting is at fault only through it.
  if (faults.length === 0) faults.push(...faultsOfDefaults);
  if (faults.length > 0) return { kind: 'faults', faults };
  const configuration = Object.freeze(values) as ConfigurationOf<Described>;
  const between = check(configuration);
  return between.length > 0 ? { kind: 'faults', faults: between } : { kind: 'configuration', configuration };
}

/** What `--help` prints about the settings. */
export function helpOf(description: Description): string {
  const byDefault = (name: string): string => {
    const fallback = description[name]?.default;
    return typeof fallback === 'function' ? fallback(byDefault) : (fallback ?? '');
  };
  const lines = Object.values(description).map((setting) => {
    const fallback = typeof setting.default === 'function' ? setting.default(byDefault) : setting.default;
    const shown = fallback === undefined || fallback === '' ? '' : ` (${fallback})`;
    return `  ${setting.flag}\n      ${setting.help}${shown} [${setting.env}]`;
  });
  return `Settings, each as a flag or as an environment variable; the flag wins.\n${lines.join('\n')}\n`;
}

/** A configuration as it may be printed: of secrets only whether there is one. */
export function withoutSecrets<Described extends Description>(
  description: Described,
  configuration: ConfigurationOf<Described>,
): Record<string, unknown> {
  const entries = Object.entries(configuration as Readonly<Record<string, unknown>>);
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const absent = value === undefined || (Array.isArray(value) && value.length === 0);
      return [name, description[name]?.secret && !absent ? '[secret]' : value];
    }),
  );
}

function fromEnvironment(description: Description, env: Readonly<Record<string, string | undefined>>) {
  return Object.entries(description).flatMap(([name, setting]): [string, Given][] => {
    const text = env[setting.env];
    return text === undefined || text === '' ? [] : [[name, { text, where: setting.env }]];
  });
}

function unknownVariables(description: Description, env: Readonly<Record<string, string | undefined>>) {
  const known = Object.values(description).map((setting) => setting.env);
  return Object.keys(env)
    .filter((name) => name.startsWith('TANDEM_') && !known.some((one) => one === name))
    .map((name) => `${name} is no setting: ${suggestion(name, known)}`);
}

function deepFrozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) deepFrozen(part);
    Object.freeze(value);
  }
  return value;
}
