/** How long one answer of another machine may take, ms. */
export const patience = 5_000;
const largestAnswer = 32 * 1024 * 1024;

/** An answer over HTTP, or why there is none. */
export type Answer =
  | { readonly kind: 'answer'; readonly status: number; readonly body: unknown; readonly took: number }
  | { readonly kind: 'none'; readonly reason: string };

/** Asks once, and says in words why there is no answer. `body` is undefined where the answer is no JSON. */
export async function ask(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const began = performance.now();
  try {
    const signal = AbortSignal.timeout(patience);
    const response = await fetch(url, { headers, signal, redirect: 'error' });
    const took = performance.now() - began;
    return { kind: 'answer', status: response.status, body: await readJson(response), took };
  } catch (error) {
    return { kind: 'none', reason: reasonOf(error) };
  }
}

async function readJson(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > largestAnswer) throw new Error(`the answer is larger than ${largestAnswer} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The words of a fault; fetch hides them in `cause`. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${patience / 1_000} s`;
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const parts = cause instanceof AggregateError ? cause.errors : [];
  return cause.message || (parts[0] instanceof Error ? parts[0].message : cause.name);
}
