import {
  type ClientRequest,
  Agent as HttpAgent,
  type IncomingMessage,
  request as requestHttp,
} from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { answerText, statusText } from './core/answer-text.ts';
import { endpointFault } from './endpoint-url.ts';
import { guardedLookup, type Lookup, systemLookup } from './lookup.ts';

/** What a receiver may cost us. */
export interface PostLimits {
  readonly allowPrivate: boolean;
  /** For the whole exchange, the answer's body included, ms (10,000). */
  readonly timeout?: number | undefined;
  /** Bytes of the answer's body that are read; the rest is cut off (64 KiB). */
  readonly answerBytes?: number | undefined;
  /** How names are resolved. */
  readonly lookup?: Lookup | undefined;
}

/** How a post ended. */
export interface Answer {
  /** The receiver's; null if it gave none. It alone decides: what its body does changes nothing. */
  readonly status: number | null;
  /** In words for a person: the status, or why there is none. */
  readonly text: string;
  readonly retryAfter: string | undefined;
}

/** Posts JSON texts to receivers. */
export interface Poster {
  /** Posts once. Never rejects: every way to fail is an answer. A redirect is an answer too, and is not followed. */
  post(
    url: string,
    body: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Answer>;
  /** Lets go of the connections that are kept. */
  close(): void;
}

/** How long a connection that nobody uses is kept, ms: then its name is resolved, and checked, again. */
const idle = 10_000;

/** A poster with connections of its own; each leads to an address that was checked when it was made. */
export function poster(limits: PostLimits): Poster {
  const { allowPrivate, timeout = 10_000, answerBytes = 64 * 1024, lookup = systemLookup() } = limits;
  const guarded = guardedLookup(lookup, allowPrivate);
  const kept = { keepAlive: true, timeout: idle, scheduling: 'lifo', lookup: guarded } as const;
  const agents = { http: new HttpAgent(kept), https: new HttpsAgent(kept) };

  function begin(url: string, headers: Record<string, string>, fresh: boolean): ClientRequest {
    const target = new URL(url);
    const secure = target.protocol === 'https:';
    // Said by ourselves, so that it stands in no place where URLs are shown.
    const { username, password } = target;
    target.username = '';
    target.password = '';
    const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    const basic = username === '' && password === '' ? {} : { authorization: `Basic ${base64(user)}` };
    return (secure ? requestHttps : requestHttp)(target, {
      method: 'POST',
      agent: fresh ? false : secure ? agents.https : agents.http,
      lookup: guarded,
      headers: { ...headers, ...basic },
    });
  }

  return {
    post(url, body, headers, signal) {
      const fault = endpointFault(url, allowPrivate);
      const none = (text: string): Answer => ({
        status: null,
        text: answerText(text),
        retryAfter: undefined,
      });
      if (fault !== undefined) return Promise.resolve(none(`the endpoint ${fault}`));
      return new Promise((done) => {
        const all = {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(body)),
          'user-agent': 'tandem',
          ...headers,
        };
        let request: ClientRequest;
        let answer: Answer | undefined;
        const finish = (otherwise: Answer, keep = false): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', stop);
          if (!keep) request.destroy();
          done(answer ?? otherwise);
        };
        const interrupted = none('interrupted: the alerter is stopping');
        if (signal.aborted) return done(interrupted);
        const stop = (): void => finish(interrupted);
        const timer = setTimeout(() => finish(none(`no answer within ${timeout} ms`)), timeout);
        const send = (fresh: boolean): void => {
          request = begin(url, all, fresh);
          request.on('error', (error) => {
            // The receiver closed a kept connection at the moment at which it was taken: no fault of anybody.
            const closed = request.reusedSocket && answer === undefined && !signal.aborted;
            if (closed && !fresh) send(true);
            else finish(none(`no answer: ${error.message}`));
          });
          request.on('response', (response) => {
            const excerpt = reading(response, answerBytes, (whole) => finish(none(''), whole));
            const { statusCode: status = 0, headers: said } = response;
            answer = {
              status,
              get text() {
                return answerText(statusText(status, excerpt()));
              },
              retryAfter: said['retry-after'],
            };
          });
          request.end(body);
        };
        signal.addEventListener('abort', stop);
        send(false);
      });
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

/** Reads an answer's body as far as allowed. Tells its end, and whether that was all; returns what gives its beginning. */
function reading(response: IncomingMessage, most: number, end: (whole: boolean) => void): () => string {
  const first: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    if (bytes < excerptBytes) first.push(chunk.subarray(0, excerptBytes));
    bytes += chunk.length;
    if (bytes > most) end(false);
  });
  response.on('end', () => end(true));
  response.on('error', () => end(false));
  response.on('close', () => end(false));
  return () => Buffer.concat(first).subarray(0, excerptBytes).toString();
}

/** So much of an answer's body is looked at for the reason of a refusal. */
const excerptBytes = 200;

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
