/** The part of a connection that control messages read and change. */
export interface Subscriptions {
  readonly streams: Set<string>;
  combined: boolean;
}

/** The answer to a control message; `fatal` closes the connection after it. */
export interface ControlAnswer {
  readonly text: string;
  readonly fatal: boolean;
}

const mostStreams = 1024;
const methods = ['SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS', 'SET_PROPERTY', 'GET_PROPERTY'];

/** Carries out one control message as Binance documents it. */
export function control(text: string, subscriptions: Subscriptions): ControlAnswer {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return refuse(3, 'Invalid JSON: expected value at line 1 column 1', null, true);
  }
  if (typeof message !== 'object' || message === null || Array.isArray(message))
    return refuse(2, 'Invalid request: expected an object', null, true);
  const { method, params, id = null } = message as Record<string, unknown>;
  if (!validId(id)) return refuse(2, 'Invalid request: request ID must be an unsigned integer', null);
  if (method === undefined)
    return refuse(2, `Invalid request: missing field \`method\` at line 1 column ${text.length}`, id);
  if (typeof method !== 'string' || !methods.includes(method)) {
    const expected = methods.map((name) => `\`${name}\``).join(', ');
    return refuse(
      2,
      `Invalid request: unknown variant \`${String(method)}\`, expected one of ${expected} at line 1 column 28`,
      id,
    );
  }
  if (method === 'LIST_SUBSCRIPTIONS') return accept([...subscriptions.streams], id);
  if (method === 'GET_PROPERTY' || method === 'SET_PROPERTY')
    return property(method, params, id, subscriptions);
  return subscribe(method === 'SUBSCRIBE', params, id, subscriptions);
}

function subscribe(add: boolean, params: unknown, id: unknown, { streams }: Subscriptions): ControlAnswer {
  if (!Array.isArray(params) || !params.every((stream) => typeof stream === 'string'))
    return refuse(2, 'Invalid request: expected an array of stream names', id);
  const after = new Set(streams);
  for (const stream of params as string[]) {
    if (add) after.add(stream);
    else after.delete(stream);
  }
  if (after.size > mostStreams) return refuse(4, 'Too many subscriptions', id);
  streams.clear();
  for (const stream of after) streams.add(stream);
  return accept(null, id);
}

function property(method: string, params: unknown, id: unknown, subscriptions: Subscriptions): ControlAnswer {
  const [name, value, ...more] = Array.isArray(params) ? (params as unknown[]) : [];
  if (typeof name !== 'string') return refuse(2, 'Invalid request: property name must be a string', id);
  if (name !== 'combined') return refuse(0, 'Unknown property', id);
  if (method === 'GET_PROPERTY')
    return value === undefined
      ? accept(subscriptions.combined, id)
      : refuse(2, 'Invalid request: too many parameters', id);
  if (more.length > 0) return refuse(2, 'Invalid request: too many parameters', id);
  if (typeof value !== 'boolean') return refuse(1, 'Invalid value type: expected Boolean', id);
  subscriptions.combined = value;
  return accept(null, id);
}

function validId(id: unknown): boolean {
  if (id === null) return true;
  if (typeof id === 'number') return Number.isInteger(id) && id >= 0;
  return typeof id === 'string' && /^[A-Za-z0-9_-]{1,36}$/.test(id);
}

function accept(result: unknown, id: unknown): ControlAnswer {
  return { text: JSON.stringify({ result, id }), fatal: false };
}

function refuse(code: number, msg: string, id: unknown, fatal = false): ControlAnswer {
  return { text: JSON.stringify({ error: { code, msg }, id }), fatal };
}
