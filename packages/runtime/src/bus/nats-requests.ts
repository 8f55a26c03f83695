import { createInbox, headers, type Msg } from 'nats';
import { textOf } from '../nats-jetstream.ts';
import type { NatsLink } from '../nats-link.ts';
import { Refusal, type Subscription } from './bus.ts';

/** An answer over this size comes in parts, bytes. */
const largestPart = 512 * 1_024;
/** The most parts of an answer: 64 MiB. */
const mostParts = 128;
/** Parts that are sent before the server must have taken them. */
const partsAtOnce = 4;

const partHeader = 'Tandem-Part';
const partsHeader = 'Tandem-Parts';
const errorHeader = 'Tandem-Error';
const refused = 'refused';

/** An answer of which parts have come. */
interface Asked {
  readonly subject: string;
  readonly parts: Uint8Array[];
  readonly resolve: (answer: unknown) => void;
  readonly reject: (fault: Error) => void;
}

/**
 * Requests and their answers, as any NATS client can make and give them: the body is JSON; an answer that is
 * too long for one message comes as numbered parts; a failed one carries the header `Tandem-Error`, its body
 * being the reason: `refused` if the question is wrong, else `true`.
 */
export class NatsRequests {
  private readonly link: NatsLink;
  private readonly onError: (error: unknown, subject: string) => void;
  private readonly inbox = createInbox();
  private readonly asked = new Map<number, Asked>();
  private next = 1;

  /** `onError` is told of answers that could not be sent: who asked hears of none, only that none came in time. */
  constructor(link: NatsLink, onError: (error: unknown, subject: string) => void) {
    this.link = link;
    this.onError = onError;
    link.connection.subscribe(`${this.inbox}.*`, { callback: (_, message) => this.answered(message) });
  }

  /** Asks; the caller bounds the time, and `forget`s by aborting. */
  async ask(subject: string, data: Uint8Array, given: AbortSignal): Promise<unknown> {
    await this.link.whenConnected(given);
    const number = this.next++;
    try {
      return await new Promise<unknown>((resolve, reject) => {
        this.asked.set(number, { parts: [], resolve, reject, subject });
        given.addEventListener('abort', () => reject(given.reason), { once: true });
        this.link.connection.publish(subject, data, { reply: `${this.inbox}.${number}` });
      });
    } finally {
      this.asked.delete(number);
    }
  }

  serve(subject: string, handler: (data: unknown) => Promise<unknown>): Subscription {
    const subscription = this.link.connection.subscribe(subject, {
      queue: 'tandem',
      callback: (_, message) =>
        void this.answer(message, handler).catch((error) => {
          if (!this.link.ended.aborted) this.onError(error, subject);
        }),
    });
    return { stop: () => subscription.unsubscribe() };
  }

  private async answer(message: Msg, handler: (data: unknown) => Promise<unknown>): Promise<void> {
    let body: Buffer;
    try {
      const answer = await handler(jsonOf(message.data));
      body = Buffer.from(answer === undefined ? '' : JSON.stringify(answer));
      if (body.length > mostParts * largestPart) {
        throw new Error(
          `the answer has ${body.length} bytes, more than ${mostParts * largestPart}: ask for less`,
        );
      }
    } catch (error) {
      const failed = headers();
      failed.append(errorHeader, error instanceof Refusal ? refused : 'true');
      const reason = Buffer.from(error instanceof Error ? error.message : String(error));
      message.respond(reason.subarray(0, largestPart), { headers: failed });
      return;
    }
    if (body.length <= largestPart) {
      message.respond(body);
      return;
    }
    const parts = Math.ceil(body.length / largestPart);
    for (let part = 0; part < parts; part++) {
      const numbered = headers();
      numbered.append(partHeader, `${part + 1}`);
      numbered.append(partsHeader, `${parts}`);
      message.respond(body.subarray(part * largestPart, (part + 1) * largestPart), { headers: numbered });
      if (part % partsAtOnce === partsAtOnce - 1) await this.link.connection.flush();
    }
  }

  private answered(message: Msg): void {
    const asked = this.asked.get(Number(message.subject.slice(this.inbox.length + 1)));
    if (asked === undefined) return;
    try {
      const body = wholeOf(asked, message);
      if (body !== undefined) asked.resolve(jsonOf(body));
    } catch (error) {
      asked.reject(error as Error);
    }
  }
}

/** The whole answer, once this message completes it; throws what it says of a failure. */
function wholeOf({ subject, parts }: Asked, { headers: told, data }: Msg): Uint8Array | undefined {
  if (told?.code === 503) throw new Error(`nobody serves "${subject}"`);
  const failed = told?.get(errorHeader) ?? '';
  if (failed !== '') throw new (failed === refused ? Refusal : Error)(textOf(data));
  const count = Number(told?.get(partsHeader) || 1);
  if (count === 1) return data;
  const part = Number(told?.get(partHeader));
  if (!(count <= mostParts && part === parts.length + 1 && part <= count)) {
    throw new Error(`the answer from "${subject}" came in parts that do not fit together`);
  }
  parts.push(data);
  return part === count ? Buffer.concat(parts) : undefined;
}

/** JSON, or nothing where there is nothing. */
function jsonOf(body: Uint8Array): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(textOf(body));
  } catch (error) {
    throw new Error('what came is not JSON', { cause: error });
  }
}
