import { type Description, yesOrNo } from './setting.ts';

/** The text of a setting, and where it was given. */
export interface Given {
  readonly text: string;
  readonly where: string;
}

/** The settings given on the command line, by name; what is not understood goes to `faults`. */
export function fromFlags(description: Description, argv: readonly string[], faults: string[]) {
  const byFlag = new Map(
    Object.entries(description).map(([name, setting]) => [setting.flag as string, name]),
  );
  const given = new Map<string, Given>();
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index] as string;
    if (!argument.startsWith('--')) {
      faults.push(`the argument ${JSON.stringify(argument)} is not understood: a setting is --name value`);
      continue;
    }
    const equals = argument.indexOf('=');
    const flag = equals < 0 ? argument : argument.slice(0, equals);
    const negated = flag.startsWith('--no-') && !byFlag.has(flag);
    const where = negated ? `--${flag.slice('--no-'.length)}` : flag;
    const name = byFlag.get(where);
    const setting = name === undefined ? undefined : description[name];
    const bare = setting?.schema === yesOrNo;
    if (name === undefined || (negated && (!bare || equals >= 0))) {
      faults.push(`${flag} is no setting: ${suggestion(flag, [...byFlag.keys()])}`);
      // Whatever follows it was meant for it.
      if (equals < 0 && argv[index + 1]?.startsWith('--') === false) index += 1;
      continue;
    }
    if (given.has(name)) faults.push(`${where} is given twice: give it once`);
    if (equals >= 0) given.set(name, { text: argument.slice(equals + 1), where });
    else if (negated) given.set(name, { text: 'false', where: flag });
    else if (bare && !/^(true|false)$/.test(argv[index + 1] ?? '')) given.set(name, { text: 'true', where });
    else {
      const next = argv[index + 1];
      if (next === undefined || next.startsWith('--'))
        faults.push(`${flag} has no value: write ${flag} VALUE`);
      else given.set(name, { text: next, where });
      if (next !== undefined && !next.startsWith('--')) index += 1;
    }
  }
  return given;
}

/** What to do about a name that nobody knows: the nearest known one, if any is near. */
export function suggestion(name: string, known: readonly string[]): string {
  const [best] = known
    .map((one) => ({ one, distance: editDistance(name.toLowerCase(), one.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const near = best !== undefined && best.distance <= Math.max(2, name.length / 4);
  return near ? `did you mean ${best.one}?` : '--help lists the settings';
}

/** How many letters must be put in, taken out or changed to make one text of the other (Levenshtein). */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const change = (previous[column - 1] as number) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[column] as number) + 1, (current[column - 1] as number) + 1));
    }
    previous = current;
  }
  return previous[to.length] as number;
}
