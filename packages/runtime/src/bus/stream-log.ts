import { type Message, type Position, PositionLost } from './bus.ts';

/** Where one open reader is: everything up to and including `sequence` has been handled. */
interface Cursor {
  sequence: number;
  wake: () => void;
}

interface Waiter {
  append(): void;
  reject(fault: Error): void;
}

/**
 * One stream of the in-process bus: a bounded ring that is read by position.
 *
 * A message that some open reader has not handled is never dropped: once `capacity` of them are waiting,
 * appending waits too. Without readers the oldest give way.
 */
export class StreamLog {
  private readonly name: string;
  private readonly incarnation: string;
  private readonly capacity: number;
  private readonly ring: Message[] = [];
  private readonly cursors = new Set<Cursor>();
  private waiting: Waiter[] = [];
  /** Sequence of the oldest message kept; sequences start at 1. */
  private first = 1;
  /** Sequence that the next message gets. */
  private next = 1;
  private closed = false;

  constructor(name: string, incarnation: string, capacity: number) {
    this.name = name;
    this.incarnation = incarnation;
    this.capacity = capacity;
  }

  /** Appends now if there is room (`taken` is called at once), else when the slowest reader has made some. */
  append(subject: string, data: unknown, taken: (message: Message) => void): Promise<void> | undefined {
    if (this.waiting.length === 0 && this.hasRoom()) {
      taken(this.add(subject, data));
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const append = () => {
        taken(this.add(subject, data));
        resolve();
      };
      this.waiting.push({ append, reject });
    });
  }

  /** Yields batches of at most `batch` messages from just after `from` until `signal` aborts or the bus closes. */
  async *read(
    from: Position | null,
    batch: number,
    signal: AbortSignal,
  ): AsyncGenerator<readonly Message[], void, undefined> {
    const cursor: Cursor = { sequence: this.resolve(from), wake: () => {} };
    const leave = () => {
      this.cursors.delete(cursor);
      cursor.wake();
      this.admit();
    };
    this.cursors.add(cursor);
    signal.addEventListener('abort', leave, { once: true });
    try {
      while (!signal.aborted && !this.closed) {
        const last = Math.min(this.next - 1, cursor.sequence + batch);
        if (last === cursor.sequence) {
          await new Promise<void>((wake) => {
            cursor.wake = wake;
          });
          continue;
        }
        const messages: Message[] = [];
        for (let sequence = cursor.sequence + 1; sequence <= last; sequence++) {
          messages.push(this.ring[sequence % this.capacity] as Message);
        }
        yield messages;
        // Only now has the reader handled them: what is in its hands still counts as behind.
        cursor.sequence = last;
        this.admit();
      }
    } finally {
      signal.removeEventListener('abort', leave);
      leave();
    }
  }

  /** Whether every open reader has handled all that is there, and nobody waits to append. */
  get drained(): boolean {
    if (this.waiting.length > 0) return false;
    for (const cursor of this.cursors) if (cursor.sequence < this.next - 1) return false;
    return true;
  }

  /** Ends every reader and rejects every waiting publisher. */
  close(fault: Error): void {
    this.closed = true;
    const waiting = this.waiting;
    this.waiting = [];
    for (const waiter of waiting) waiter.reject(fault);
    for (const cursor of this.cursors) cursor.wake();
  }

  private hasRoom(): boolean {
    if (this.next - this.first < this.capacity) return true;
    for (const cursor of this.cursors) if (cursor.sequence < this.first) return false;
    return true;
  }

  private add(subject: string, data: unknown): Message {
    const message: Message = { subject, data, position: `${this.incarnation}:${this.next}` };
    this.ring[this.next % this.capacity] = message;
    this.next += 1;
    if (this.next - this.first > this.capacity) this.first += 1;
    for (const cursor of this.cursors) cursor.wake();
    return message;
  }

  /** Lets waiting publishers in, in the order of their calls, as far as there is room. */
  private admit(): void {
    let admitted = 0;
    while (admitted < this.waiting.length && this.hasRoom()) {
      this.waiting[admitted]?.append();
      admitted += 1;
    }
    if (admitted > 0) this.waiting.splice(0, admitted);
  }

  /** The sequence of the last message that a reader at `from` has handled. */
  private resolve(from: Position | null): number {
    const colon = from?.lastIndexOf(':') ?? -1;
    if (from === null || from.slice(0, colon) !== this.incarnation) return this.first - 1;
    const sequence = Number(from.slice(colon + 1));
    if (!Number.isSafeInteger(sequence) || sequence < 0 || sequence >= this.next) {
      throw new Error(`position "${from}" is refused: stream ${this.name} has never given it out`);
    }
    if (sequence < this.first - 1) {
      throw new PositionLost(
        `position "${from}" is lost: stream ${this.name} keeps its newest ${this.capacity} messages and has dropped some that follow it`,
      );
    }
    return sequence;
  }
}
