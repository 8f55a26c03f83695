/** What the server says about something that is asked for again and again. */
export interface Polled<Value> {
  /** The newest good answer. */
  readonly value: Value | undefined;
  /** Why the newest question has none. */
  readonly fault: PollFault | undefined;
}

export interface PollFault {
  /** The server's words, with the request's id. */
  readonly message: string;
  /** Undefined where there was no answer. */
  readonly status: number | undefined;
}

export const notAsked: Polled<never> = { value: undefined, fault: undefined };

/** How long until the next question, ms: a server in trouble is asked less often, and least when it asks for patience. */
export function pollSpacing(fault: PollFault | undefined): number {
  if (fault === undefined) return 2_000;
  return fault.status === 429 ? 15_000 : 5_000;
}
