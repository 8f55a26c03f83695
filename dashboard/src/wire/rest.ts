import type { z } from 'zod';

/** What went wrong with a request, in the server's words and with the id that its log has. */
export class RequestFault extends Error {
  override name = 'RequestFault';
  /** Undefined where there was no answer. */
  readonly status: number | undefined;
  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

export interface Asking extends Pick<RequestInit, 'method' | 'signal' | 'keepalive'> {
  /** Sent as JSON. */
  readonly document?: unknown;
}

/** Asks the api and checks the answer against its schema. */
export async function ask<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  { document, ...options }: Asking = {},
): Promise<z.infer<Schema>> {
  const body =
    document === undefined
      ? {}
      : { body: JSON.stringify(document), headers: { 'content-type': 'application/json' } };
  const request = { signal: AbortSignal.timeout(10_000), ...options, ...body };
  const response = await fetch(`/api/v1${path}`, request).catch(() => {
    throw new RequestFault('the server does not answer');
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new RequestFault(sentenceOf(answer, response.status), response.status);
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw new RequestFault('the answer is not of the expected form; reload the page');
  return parsed.data;
}

/** What went wrong, in words. */
export function faultSentence(fault: unknown): string {
  return fault instanceof Error ? fault.message : 'unknown fault';
}

function sentenceOf(body: unknown, status: number): string {
  const { error, id } = (typeof body === 'object' && body !== null ? body : {}) as {
    error?: unknown;
    id?: unknown;
  };
  const sentence = typeof error === 'string' ? error : `the server answers ${status}`;
  return typeof id === 'string' ? `${sentence} (request ${id})` : sentence;
}
