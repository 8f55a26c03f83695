import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** One vector: what a reference answered to stated inputs and parameters. */
export interface OracleCase {
  /** The data set that it belongs to; tolerances of ill-conditioned sets differ. */
  readonly dataset: string;
  readonly id: string;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The file's inputs, with the case's own over them. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What the reference answered, in floating point. */
  readonly expected: unknown;
  /** The same in 60-digit arithmetic rounded once, where it was computed: it goes before `expected`. */
  readonly exact: unknown;
  /** The whole case, for tolerances and deviations that it states itself. */
  readonly whole: Readonly<Record<string, unknown>>;
}

const File = z.looseObject({
  format: z.literal('pairs-oracle/1', 'format: only "pairs-oracle/1" is understood'),
  dataset: z.string(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  cases: z.array(
    z.looseObject({
      id: z.string(),
      method: z.string(),
      params: z.record(z.string(), z.unknown()).default({}),
      /** Inputs of its own, or words such as "same z, beta as backtest_0". */
      inputs: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
      expected: z.unknown(),
      exact: z.unknown().optional(),
    }),
  ),
});

/**
 * Reads a file of reference vectors; undefined for JSON that claims no format, as may lie beside them. Throws one
 * sentence that names the file and what is wrong with it.
 */
export async function readOracleFile(path: string): Promise<OracleCase[] | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      `${path} cannot be read (${error.code ?? error.message}): name a file of reference vectors.`,
    );
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is no JSON: ${error instanceof Error ? error.message : error}.`);
  }
  if (typeof json === 'object' && json !== null && !('format' in json) && !('cases' in json))
    return undefined;
  const parsed = File.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`${path} is no file of reference vectors: ${issue?.path.join('.')}: ${issue?.message}.`);
  }
  const { dataset, inputs, cases } = parsed.data;
  return cases.map((test) => ({
    dataset,
    id: test.id,
    method: test.method,
    params: test.params,
    inputs: { ...inputs, ...ownInputs(path, test, cases) },
    expected: test.expected,
    exact: test.exact,
    whole: test,
  }));
}

/** The inputs of a case, which may name those of another. */
function ownInputs(
  path: string,
  test: { id: string; inputs: Record<string, unknown> | string },
  cases: readonly { id: string; inputs: Record<string, unknown> | string }[],
): Record<string, unknown> {
  if (typeof test.inputs !== 'string') return test.inputs;
  const named = /^same .+ as (\S+)$/.exec(test.inputs)?.[1];
  const other = cases.find(({ id }) => id === named);
  if (other === undefined || typeof other.inputs === 'string') {
    throw new Error(
      `${path} is no file of reference vectors: the inputs of ${test.id}, "${test.inputs}", name no case.`,
    );
  }
  return other.inputs;
}

/** A number of the format: null is NaN, infinities are words. Throws on anything else. */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (value === null || value === 'NaN') return Number.NaN;
  if (value === 'Infinity' || value === '-Infinity') return Number(value);
  throw new Error(`${JSON.stringify(value)?.slice(0, 60)} is no number of the format`);
}

/** A list of such numbers. */
export function numbersOf(value: unknown): Float64Array {
  if (!Array.isArray(value)) throw new Error(`${JSON.stringify(value)?.slice(0, 60)} is no list of numbers`);
  return Float64Array.from(value, numberOf);
}

/** A named member of an object of the format. */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !(name in value)) {
    throw new Error(`"${name}" is missing`);
  }
  return (value as Record<string, unknown>)[name];
}
