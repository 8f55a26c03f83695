/** The page's own connection to the server. */
export type Connection =
  | { readonly phase: 'connecting'; readonly attempt: number; readonly lostAt: number | undefined }
  | { readonly phase: 'open'; readonly heardAt: number }
  | {
      readonly phase: 'waiting';
      readonly attempt: number;
      readonly lostAt: number;
      readonly retryAt: number;
    };

export type ConnectionEvent = { readonly type: 'open' | 'heard' | 'lost' | 'retry'; readonly now: number };

/** A heartbeat comes each second: after this silence the connection is taken for dead, ms. */
const silenceLimit = 5_000;

const waits = [1_000, 2_000, 4_000, 8_000, 15_000];

export const firstConnection: Connection = { phase: 'connecting', attempt: 0, lostAt: undefined };

/** What becomes of the connection. A lost one waits, longer each time, then tries again for ever. */
export function connectionAfter(before: Connection, event: ConnectionEvent): Connection {
  switch (event.type) {
    case 'open':
    case 'heard':
      return { phase: 'open', heardAt: event.now };
    case 'lost': {
      if (before.phase === 'waiting') return before;
      const attempt = before.phase === 'open' ? 0 : before.attempt;
      const lostAt = before.phase === 'open' ? before.heardAt : (before.lostAt ?? event.now);
      const wait = waits[Math.min(attempt, waits.length - 1)]!;
      return { phase: 'waiting', attempt: attempt + 1, lostAt, retryAt: event.now + wait };
    }
    case 'retry':
      return before.phase === 'waiting'
        ? { phase: 'connecting', attempt: before.attempt, lostAt: before.lostAt }
        : before;
  }
}

/** Whether an open connection has been silent for too long, as far as a clock tells that somebody may have set back. */
export function isSilent(connection: Connection, now: number): boolean {
  return connection.phase === 'open' && Math.abs(now - connection.heardAt) > silenceLimit;
}

/** Whether the next attempt is due; a clock that was set back puts it off no longer than it would have waited. */
export function isDue(connection: Connection, now: number): boolean {
  return connection.phase === 'waiting' && (now >= connection.retryAt || now < connection.lostAt);
}
