import { z } from 'zod';

/** One setting: where it comes from, what it may be, and what it is for. */
export interface Setting<Value = unknown> {
  /** Its environment variable. */
  readonly env: `TANDEM_${string}`;
  /** Its flag, which wins over the variable. A setting of the schema `yesOrNo` needs no value: `--x`, `--no-x`. */
  readonly flag: `--${string}`;
  /** Makes the value from text; its message says what is allowed, and gives an example. */
  readonly schema: z.ZodType<Value, string>;
  /** As text; it may stand on the text of other settings. Undefined: there is none, and the value is undefined. */
  readonly default: string | ((text: (name: string) => string) => string) | undefined;
  /** What it is for, in a few words. */
  readonly help: string;
  /** Neither its value nor its text is ever printed. */
  readonly secret?: boolean;
}

export type Description = Readonly<Record<string, Setting>>;

/** The values of the settings described, by name. */
export type ConfigurationOf<Described extends Description> = {
  readonly [Name in keyof Described]:
    | z.output<Described[Name]['schema']>
    | (Described[Name]['default'] extends undefined ? undefined : never);
};

/** `true` or `false`. */
export const yesOrNo = z
  .enum(['true', 'false'], { error: 'write true or false' })
  .transform((text) => text === 'true');

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.string().pipe(z.enum(words, { error: `choose one of ${words.join(', ')}` }));
}

/** A number within bounds, both included. */
export function numberFrom(least: number, most: number, example: number, kind: 'whole' | 'any' = 'any') {
  const what = kind === 'whole' ? 'a whole number' : 'a number';
  const error = `write ${what} from ${least} to ${most}, for example ${example}`;
  return z
    .string()
    .regex(/^-?\d+(\.\d+)?$/, error)
    .transform(Number)
    .refine((value) => value >= least && value <= most && (kind === 'any' || Number.isInteger(value)), error);
}

/** Items with commas between them, each read by `item`; an empty text is an empty list. No item may come twice. */
export function listOf<Item>(item: z.ZodType<Item, string>) {
  return z
    .string()
    .transform((text) => (text.trim() === '' ? [] : text.split(',').map((part) => part.trim())))
    .refine((parts) => new Set(parts).size === parts.length, 'an item is named twice: name each once')
    .pipe(z.array(item));
}

/** `name=number` with commas between them; names that are not given keep their number of `defaults`. */
export function numbersByName<Name extends string>(
  names: readonly [Name, ...Name[]],
  number: z.ZodType<number, string>,
  example: string,
) {
  const error = `write name=number with commas between them, names of ${names.join(', ')}; for example ${example}`;
  const item = z.string().transform((text, context) => {
    const [name, value, more] = text.split('=');
    const known = names.find((one) => one === name);
    const parsed = number.safeParse(value);
    if (known !== undefined && parsed.success && more === undefined) return [known, parsed.data] as const;
    context.addIssue({ code: 'custom', message: error });
    return z.NEVER;
  });
  return listOf(item)
    .refine((entries) => new Set(entries.map(([name]) => name)).size === entries.length, error)
    .transform((entries) => Object.fromEntries(entries) as Partial<Record<Name, number>>);
}

/** A URL of one of a few protocols, without a slash at its end. */
export function urlOf(protocols: readonly string[], example: string) {
  const error = `write a URL that begins with ${protocols.map((one) => `${one}//`).join(' or ')}, for example ${example}`;
  return z
    .string()
    .refine((text) => {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      return url !== undefined && protocols.includes(url.protocol) && url.hostname !== '';
    }, error)
    .transform((text) => text.replace(/\/+$/, ''));
}
