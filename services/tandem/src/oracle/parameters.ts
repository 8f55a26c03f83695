import { member, numberOf, type OracleCase } from './oracle-file.ts';

/** The values of each parameter that a check understands; 'any' for those that it reads itself, and for remarks. */
export type KnownParameters = Readonly<Record<string, readonly unknown[] | 'any'>>;

/** Throws on a parameter, or a value of one, that the check does not know, since it might change the answer. */
export function requireKnown(test: OracleCase, known: KnownParameters): void {
  for (const [name, value] of Object.entries(test.params)) {
    const values = Object.hasOwn(known, name) ? known[name] : undefined;
    if (values === undefined || (values !== 'any' && !values.includes(value))) {
      throw new Error(`the parameter ${name} = ${JSON.stringify(value)} is unknown`);
    }
  }
}

/** A parameter that must be one of the given words. */
export function wordOf<const T extends string>(test: OracleCase, name: string, words: readonly T[]): T {
  const value = member(test.params, name);
  if (!words.includes(value as T)) throw new Error(`${name} = ${JSON.stringify(value)} is unknown`);
  return value as T;
}

/** A parameter that is a number of the format. */
export function numberParameter(test: OracleCase, name: string): number {
  return numberOf(member(test.params, name));
}

/** A parameter that is a whole number, or null or missing for the default. */
export function wholeOrDefault(test: OracleCase, name: string): number | undefined {
  const value = test.params[name] ?? null;
  if (value === null) return undefined;
  if (!Number.isInteger(value)) throw new Error(`${name} = ${JSON.stringify(value)} is no whole number`);
  return value as number;
}

/** A parameter that is true or false. */
export function truthOf(test: OracleCase, name: string): boolean {
  const value = member(test.params, name);
  if (typeof value !== 'boolean') throw new Error(`${name} = ${JSON.stringify(value)} is no truth value`);
  return value;
}
