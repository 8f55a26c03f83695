import { PositionLost } from './bus/bus.ts';

/** Where to begin: after a message of one incarnation of the stream, at the first kept, or with what comes next. */
export type Beginning = { readonly incarnation: string; readonly after: number } | 'first' | 'next';

/** What a reader needs to know of a stream to see whether its place is still there. */
export interface StreamBounds {
  readonly created: string;
  readonly first: number;
  readonly last: number;
}

/** How far a reader of a stream has come, and whether what comes next is still there. */
export class Place {
  private readonly stream: string;
  private readonly newestOnly: boolean;
  private readonly from: Beginning;
  private made = '';
  /** The number that must come next; undefined while any may, the first kept. */
  private expected: number | undefined;
  /** Why the reader cannot go on. */
  lost: PositionLost | undefined;

  constructor(stream: string, from: Beginning, newestOnly: boolean) {
    this.stream = stream;
    this.from = from;
    this.newestOnly = newestOnly;
  }

  /** The incarnation of the stream whose numbers these are. */
  get incarnation(): string {
    return this.made;
  }

  /** The number to read from in the stream as it is now, or why that is not possible. */
  startIn(bounds: StreamBounds): number {
    const first = Math.max(bounds.first, 1);
    if (this.made === '') this.settle(bounds);
    if (this.made !== bounds.created) {
      if (!this.newestOnly) throw this.lose(`was made anew at ${bounds.created}`);
      this.made = bounds.created;
      this.expected = undefined;
    }
    if (this.expected === undefined) return first;
    if (this.expected > bounds.last + 1) {
      // Its disk has lost what had been read: the same numbers would come again with other messages.
      if (!this.newestOnly) throw this.lose(`ends at ${bounds.last}, before what has been read`);
      this.expected = undefined;
      return first;
    }
    if (!this.newestOnly && this.expected < first) throw this.lose(`now begins at ${first}`);
    return this.expected;
  }

  /** Whether this message follows; if not, it says in `lost` what is missing. */
  accept(sequence: number): boolean {
    if (this.lost !== undefined) return false;
    if (this.expected !== undefined && sequence < this.expected) return false;
    if (this.expected !== undefined && sequence > this.expected && !this.newestOnly) {
      this.lost = this.lose(`goes on at ${sequence}`);
      return false;
    }
    this.expected = sequence + 1;
    return true;
  }

  private settle(bounds: StreamBounds): void {
    if (typeof this.from === 'object') {
      this.made = this.from.incarnation;
      this.expected = this.from.after + 1;
    } else {
      this.made = bounds.created;
      if (this.from === 'next') this.expected = bounds.last + 1;
    }
  }

  private lose(why: string): PositionLost {
    const after = (this.expected ?? 1) - 1;
    return new PositionLost(`position "${this.made}:${after}" is lost: stream ${this.stream} ${why}`);
  }
}
