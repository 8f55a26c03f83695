import type { Alert, Endpoint } from '@tandem/common';
import { answerText } from './core/answer-text.ts';
import type { Telling } from './core/facts.ts';
import type { Answered } from './core/outcome.ts';
import { bodyOf } from './core/shape.ts';
import { type PostLimits, poster } from './post.ts';
import { webhookHeaders } from './signature.ts';

/** Says an alert to an endpoint in its shape, signed by its secrets. */
export interface Sender {
  /** Once; never rejects. */
  send(alert: Alert, endpoint: Endpoint, signal: AbortSignal): Promise<Answered>;
  close(): void;
}

/** `tell` adds to an alert what is not in its row; `clock` is the wall clock, ms. */
export function senderOf(limits: PostLimits, tell: (alert: Alert) => Telling, clock: () => number): Sender {
  const posts = poster(limits);
  return {
    async send(alert, endpoint, signal) {
      const at = clock();
      const began = performance.now();
      const { status, text, retryAfter } = await posts.post(
        endpoint.url,
        ...signed(bodyOf(endpoint.shape, tell(alert)), alert.id, at, endpoint.secrets),
        signal,
      );
      const took = Math.round(performance.now() - began);
      return { at, took, status, answer: answerText(text), retryAfter };
    },
    close: () => posts.close(),
  };
}

function signed(
  body: string,
  id: string,
  at: number,
  secrets: readonly string[],
): [body: string, headers: Record<string, string>] {
  return [body, webhookHeaders(id, at, body, secrets)];
}
