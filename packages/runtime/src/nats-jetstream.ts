import type { Msg, NatsConnection } from 'nats';

/** JetStream said no, in its own words. */
export class JetStreamFault extends Error {
  override name = 'JetStreamFault';
  readonly status: number;
  /** JetStream's own number of the error. */
  readonly code: number;

  constructor(status: number, code: number, description: string) {
    super(description);
    this.status = status;
    this.code = code;
  }
}

/** JetStream's numbers of the errors that are told apart here. */
export const faultCodes = {
  noMessage: 10037,
  streamNameInUse: 10058,
  noStream: 10059,
  staleSequence: 10071,
} as const;

export interface StreamInfo {
  /** When it was made, to the ns: a stream that was made anew is another one. */
  readonly created: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly state: { readonly first_seq: number; readonly last_seq: number; readonly messages: number };
}

interface StoredMessage {
  readonly subject: string;
  readonly sequence: number;
  readonly headers: string;
  readonly data: Uint8Array;
}

const within = 5_000;

/** Asks JetStream's API; what it refuses is a `JetStreamFault`. */
export async function askJetStream<Answer>(
  connection: NatsConnection,
  what: string,
  body?: unknown,
  timeout: number = within,
): Promise<Answer> {
  const text = body === undefined ? '' : JSON.stringify(body);
  return answerOf(await connection.request(`$JS.API.${what}`, text, { timeout })) as Answer;
}

/** What JetStream answered, also to a message that it was to store. */
export function answerOf(message: Msg): unknown {
  const answer = JSON.parse(textOf(message.data)) as {
    error?: { code?: number; err_code?: number; description?: string };
  };
  if (answer.error === undefined) return answer;
  const { code = 500, err_code = 0, description = 'no reason given' } = answer.error;
  throw new JetStreamFault(code, err_code, description);
}

export function streamInfo(connection: NatsConnection, stream: string): Promise<StreamInfo> {
  return askJetStream<StreamInfo>(connection, `STREAM.INFO.${stream}`);
}

/** The newest message that a stream keeps of a subject. */
export async function lastMessage(
  connection: NatsConnection,
  stream: string,
  subject: string,
): Promise<StoredMessage | undefined> {
  try {
    const { message } = await askJetStream<{
      message: { subject: string; seq: number; hdrs?: string; data?: string };
    }>(connection, `STREAM.MSG.GET.${stream}`, { last_by_subj: subject });
    return {
      subject: message.subject,
      sequence: message.seq,
      headers: Buffer.from(message.hdrs ?? '', 'base64').toString('utf8'),
      data: Buffer.from(message.data ?? '', 'base64'),
    };
  } catch (error) {
    if (error instanceof JetStreamFault && error.code === faultCodes.noMessage) return undefined;
    throw error;
  }
}

/** The value of a header in the text form in which JetStream gives the headers of a stored message. */
export function headerIn(headers: string, name: string): string | undefined {
  for (const line of headers.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0 && line.slice(0, colon) === name) return line.slice(colon + 1).trim();
  }
  return undefined;
}

/** Bytes as text, without a copy of them. */
export function textOf(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
}
