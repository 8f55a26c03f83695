import type { Polled } from '../state/polled.ts';

/** What is to be said instead of, or above, what the server said last: why it is missing; undefined if it is not. */
export function polledWords(
  what: string,
  { value, fault }: Polled<unknown>,
  connected: boolean,
): string | undefined {
  if (fault === undefined) {
    if (value !== undefined) return undefined;
    return connected
      ? `Asking the server for the ${what} …`
      : `Not connected to the server yet. It is asked for the ${what} as soon as it answers.`;
  }
  // The only server that has not even the question.
  if (fault.status === 404)
    return `There are no ${what} here: this server replays a recording and sends nothing.`;
  const why = sentence(fault.message);
  const old = value === undefined ? '' : ' What is shown below is older.';
  if (fault.status === 429)
    return `The server is asked too often: ${why}${old} The page waits 15 s before it asks for the ${what} again.`;
  return `The ${what} cannot be read: ${why}${old} The page asks again by itself.`;
}

/** A server's words as the end of a sentence of ours. */
export function sentence(words: string): string {
  return /[.!?)…]$/.test(words) ? words : `${words}.`;
}
