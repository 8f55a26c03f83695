import type { Stream } from '@tandem/common';

/** Where a reader is in a stream. Opaque: only the adapter that made it can read it. */
export type Position = string;

export interface Message {
  readonly subject: string;
  /** A plain JSON value. Readers must not change it: in process it is the publisher's own object. */
  readonly data: unknown;
  readonly position: Position;
}

export interface Subscription {
  stop(): void;
}

/** Messages between services: kept ones in streams, in order; passing ones by subscription; requests. */
export interface Bus {
  /** Whether streams, and so positions, outlive this process. */
  readonly durable: boolean;

  /**
   * Hands over one message. Resolves when it is safe (stored by the bus; in process: taken into the bounded
   * stream, which waits for the slowest reader). Messages of one subject keep the order of their calls.
   */
  publish(subject: string, data: unknown): Promise<void>;

  /**
   * Calls `handler` with each message from now on; a passing reader may miss messages, and never holds up a publisher.
   * Where it may have, `missed` is called once it hears again.
   */
  subscribe(
    pattern: string,
    handler: (subject: string, data: unknown) => void,
    missed?: () => void,
  ): Subscription;

  /**
   * Reads a stream in order, in batches of what is there, from just after `from` (null: from the first
   * message kept). Ends when `signal` aborts. A position that retention has deleted is a `PositionLost`
   * error, not a jump; a position of another incarnation of a bus that is not durable reads from the first.
   */
  read(stream: Stream, from: Position | null, signal: AbortSignal): AsyncIterable<readonly Message[]>;

  /** The newest kept message of a subject. */
  last(subject: string): Promise<Message | undefined>;

  /**
   * Asks whoever serves `subject`; rejects when nobody does, or after `timeout` ms. What the handler throws is thrown here
   * with the same message: as a `Refusal` if it was one, else as an error.
   */
  request(subject: string, data: unknown, timeout: number): Promise<unknown>;

  serve(subject: string, handler: (data: unknown) => Promise<unknown>): Subscription;

  close(): Promise<void>;
}

/** Thrown by who serves a request: it is the question that is wrong, and the message says to whoever asked what about it. */
export class Refusal extends Error {
  override name = 'Refusal';
}

/** Retention has deleted what the reader had not yet read. */
export class PositionLost extends Error {
  override name = 'PositionLost';
}
