import type { Instrument, Study } from '@tandem/common';
import { Refusal, type Settings, StaleWrite } from '@tandem/runtime';
import { z } from 'zod';

/** A request as it came: what the path names, what the query and the body say. */
export interface Asked {
  readonly id: string;
  readonly revision: number | undefined;
  readonly body: unknown;
}

/** Where answers come from. */
export interface AlertingSources {
  readonly settings: Settings;
  readonly studies: () => readonly Study[];
  readonly instruments: () => readonly Instrument[];
  /** Open time of the newest bar of which there are analytics, else now. */
  newestBar(): Promise<number>;
  /** Asks the alerter. Rejects with its `Refusal`, or with why there is no answer. */
  alerter(method: string, data: unknown): Promise<unknown>;
}

/** What was asked for cannot be done, in one sentence, with the status that says whose fault it is. */
export class Refused extends Error {
  override name = 'Refused';
  readonly status: number;
  constructor(status: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

/** A route that reads or changes what alerts are made of. */
export interface AlertingRoute {
  readonly verb: 'get' | 'put' | 'post' | 'delete';
  readonly path: string;
  readonly summary: string;
  /** Schema of the body, for the document; undefined where there is none. */
  readonly body?: z.ZodType;
  readonly answer: z.ZodType;
  respond(asked: Asked, sources: AlertingSources): Promise<unknown>;
}

export const Revised = z.looseObject({ revision: z.int().describe('To be given back with the next change') });
export const Gone = z.strictObject({ id: z.string() });
export const listOf = (row: z.ZodType) => z.strictObject({ rows: z.array(row) });

/** The route that deletes a document. */
export function removal(path: string, summary: string, name: z.ZodType, bucket: string): AlertingRoute {
  return {
    verb: 'delete',
    path,
    summary,
    answer: Gone,
    async respond({ id, revision }, { settings }) {
      named(name, id);
      if ((await settings.get(bucket, id)) === undefined) {
        throw new Refused(404, `There is no ${JSON.stringify(id)} to delete.`);
      }
      await settings.delete(bucket, id, revision);
      return { id };
    },
  };
}

/** What the alerter answers; its refusals are the asker's fault, its silence and its failures are ours. */
export async function ask<Answer extends z.ZodType>(
  { alerter }: AlertingSources,
  method: string,
  answer: Answer,
  data: unknown,
): Promise<z.output<Answer>> {
  let answered: unknown;
  try {
    answered = await alerter(method, data ?? {});
  } catch (fault) {
    const reason = fault instanceof Error ? fault.message.split('\n')[0]! : 'unknown';
    if (fault instanceof Refusal)
      throw new Refused(422, `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`);
    throw new Refused(503, `The alerter cannot answer at present: ${reason}.`, fault);
  }
  return answer.parse(answered);
}

/** The id that a path names, if it may be one. */
export function named(schema: z.ZodType, id: string): string {
  const parsed = schema.safeParse(id);
  if (parsed.success) return id;
  throw new Refused(400, `The id is refused: ${parsed.error.issues[0]?.message}.`);
}

/** A body that has to be an object. */
export function objectOf(body: unknown): object {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body;
  throw new Refused(400, 'The body must be a JSON object.');
}

/**
 * A document that is to be written, and the revision that it was made from: what was read may be given back as it was
 * read, with its revision in it.
 */
export function writtenBack(body: unknown, asked: number | undefined): { document: object; from: number } {
  const { revision, ...document } = objectOf(body) as { revision?: unknown };
  const from = asked ?? revision ?? 0;
  if (typeof from !== 'number' || !Number.isSafeInteger(from) || from < 0)
    throw new Refused(400, 'The revision must be a whole number.');
  return { document, from };
}

/** The status and sentence of whatever went wrong; undefined for a defect. */
export function refusalOf(fault: unknown): { status: number; sentence: string } | undefined {
  if (fault instanceof Refused) return { status: fault.status, sentence: fault.message };
  if (!(fault instanceof StaleWrite)) return undefined;
  return {
    status: 409,
    sentence: 'Somebody else has changed it meanwhile: read it again and give its revision with the change.',
  };
}
