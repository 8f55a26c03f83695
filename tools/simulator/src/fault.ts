/** How a frame can be spoilt: `truncate` and `types` replace it, `event` and `field` are noise beside it. */
export type Spoiling = 'truncate' | 'types' | 'event' | 'field';

/** One fault. Without `stream` it meets any stream, without `count` it happens once. */
export type Fault =
  /** Cuts the connections (of this stream): a TCP reset or a close frame. */
  | {
      readonly kind: 'drop';
      readonly how?: 'reset' | 'close';
      readonly code?: number;
      readonly stream?: string;
    }
  /** Frames that the sockets never see; REST still serves them. `after` lets some pass first. */
  | { readonly kind: 'skip'; readonly stream?: string; readonly count?: number; readonly after?: number }
  /** Frames that come twice: at once, or `later` frames of the same stream later. */
  | {
      readonly kind: 'repeat';
      readonly stream?: string;
      readonly count?: number;
      readonly later?: number;
      readonly after?: number;
    }
  /** Pairs of neighbouring frames of one stream that change places. */
  | { readonly kind: 'reorder'; readonly stream?: string; readonly count?: number; readonly after?: number }
  /** A stream that is silent on the open connections while others flow: until reconnect, or for a time. */
  | { readonly kind: 'mute'; readonly stream: string; readonly forMs?: number }
  | {
      readonly kind: 'malformed';
      readonly mode: Spoiling;
      readonly stream?: string;
      readonly count?: number;
      readonly after?: number;
    }
  /** Half-open: TCP stays up and no frame comes; pings are answered or not. */
  | { readonly kind: 'silence'; readonly pongs?: boolean; readonly forMs?: number }
  /** Spot's notice before a server goes away. */
  | { readonly kind: 'shutdown' }
  /** REST answers with a status, never answers, never ends its body, or cuts the connection. */
  | {
      readonly kind: 'rest';
      readonly answer: 'status' | 'hang' | 'endless' | 'cut';
      readonly status?: number;
      readonly body?: string;
      /** Part of the path after the prefix, such as `aggTrades`. */
      readonly endpoint?: string;
      /** How many requests it meets; without it, all until cleared. */
      readonly count?: number;
    }
  /** REST lies about its head: `behind` ids fewer than the exchange has (negative: ids that are not out yet). */
  | { readonly kind: 'restHead'; readonly behind: number; readonly symbol?: string };

const kinds = [
  'drop',
  'skip',
  'repeat',
  'reorder',
  'mute',
  'malformed',
  'silence',
  'shutdown',
  'rest',
  'restHead',
];
const words: Readonly<Record<string, readonly string[]>> = {
  how: ['reset', 'close'],
  mode: ['truncate', 'types', 'event', 'field'],
  answer: ['status', 'hang', 'endless', 'cut'],
};
const required: Readonly<Record<string, string>> = {
  mute: 'stream',
  malformed: 'mode',
  rest: 'answer',
  restHead: 'behind',
};
const numbers = ['count', 'after', 'later', 'code', 'status', 'behind', 'forMs'];
const texts = ['stream', 'endpoint', 'symbol', 'body'];

/** Reads a fault that came from outside, or says in one sentence why it is none. */
export function readFault(value: unknown): Fault {
  if (typeof value !== 'object' || value === null) throw new Error('a fault is an object with a kind');
  const fault = value as Record<string, unknown>;
  const kind = String(fault.kind);
  if (!kinds.includes(kind)) throw new Error(`unknown fault kind ${kind}: use one of ${kinds.join(', ')}`);
  const needed = required[kind];
  if (needed && fault[needed] === undefined) throw new Error(`a fault of kind ${kind} needs ${needed}`);
  for (const [name, given] of Object.entries(fault)) {
    if (name === 'kind' || given === undefined) continue;
    const allowed = words[name];
    const fits = allowed
      ? typeof given === 'string' && allowed.includes(given)
      : numbers.includes(name)
        ? Number.isSafeInteger(given)
        : name === 'pongs'
          ? typeof given === 'boolean'
          : texts.includes(name) && typeof given === 'string';
    if (!fits)
      throw new Error(
        `a fault's ${name} cannot be ${JSON.stringify(given)}${allowed ? `: use ${allowed.join(', ')}` : ''}`,
      );
  }
  return fault as unknown as Fault;
}
