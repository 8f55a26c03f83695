import { type ParseArgsConfig, parseArgs } from 'node:util';

/** One option of a command, as its help shows it. */
export interface Option {
  readonly type: 'string' | 'boolean';
  readonly help: string;
  /** What stands for the value in the help. */
  readonly value?: string;
}

export interface Given {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
}

/** Reads a command's arguments; prints its help and ends the process when that is asked for. Throws one sentence. */
export function readOptions(
  usage: string,
  options: Readonly<Record<string, Option>>,
  argv: readonly string[],
): Given {
  const known: ParseArgsConfig['options'] = { help: { type: 'boolean' } };
  for (const [name, { type }] of Object.entries(options)) known[name] = { type };
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...argv], options: known, allowPositionals: true });
  } catch (error) {
    // Node explains at length how to pass what it takes for a value; the first sentence says it.
    const said = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new Error(`${said}: "npx ${usage.split(' ').slice(0, 2).join(' ')} --help" lists the options.`);
  }
  if (parsed.values.help === true) {
    process.stdout.write(helpOf(usage, options));
    process.exit(0);
  }
  return parsed as Given;
}

function helpOf(usage: string, options: Readonly<Record<string, Option>>): string {
  const lines = Object.entries(options).map(([name, { help, value }]) => {
    const flag = `--${name}${value === undefined ? '' : ` ${value}`}`;
    return `  ${flag.padEnd(24)} ${help}`;
  });
  return `Usage: npx ${usage}\n\n${lines.join('\n')}\n`;
}

/** The text of an option, if it was given. */
export function text(given: Given, name: string): string | undefined {
  const value = given.values[name];
  return typeof value === 'string' ? value : undefined;
}
