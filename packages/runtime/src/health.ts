export type Condition = 'ok' | 'degraded' | 'down';

/** What a part said of itself last. */
export interface PartHealth {
  readonly part: string;
  readonly condition: Condition;
  /** Why it is not ok; empty when it is. */
  readonly reason: string;
  /** Whether the process is not ready without it. */
  readonly required: boolean;
  /** How long it has been in this condition, ms. */
  readonly age: number;
}

export interface HealthReport {
  /** Every required part is ok. */
  readonly ready: boolean;
  /** The worst condition of all parts. */
  readonly condition: Condition;
  readonly parts: readonly PartHealth[];
}

/** One part's own line in the registry. */
export interface Reporter {
  report(condition: Condition, reason?: string): void;
  /** The part is no more. */
  remove(): void;
}

export interface Health {
  /** Adds a part. Until it reports it is `down`, "not started yet". */
  part(name: string, options?: { required?: boolean }): Reporter;
  read(): HealthReport;
}

/** A registry in which each part of the process says how it is. `clock` gives ms; ages are differences of it. */
export function healthRegistry(clock: () => number = () => performance.now()): Health {
  interface Line {
    condition: Condition;
    reason: string;
    required: boolean;
    since: number;
  }
  const lines = new Map<string, Line>();
  return {
    part(name, options = {}) {
      if (lines.has(name)) throw new Error(`two parts of the process call themselves "${name}"`);
      const line: Line = {
        condition: 'down',
        reason: 'not started yet',
        required: options.required ?? true,
        since: clock(),
      };
      lines.set(name, line);
      return {
        report(condition, reason = '') {
          if (condition !== line.condition) line.since = clock();
          line.condition = condition;
          line.reason = reason;
        },
        remove: () => void lines.delete(name),
      };
    },
    read() {
      const now = clock();
      const parts = [...lines].map(([part, { condition, reason, required, since }]) => {
        return { part, condition, reason, required, age: now - since };
      });
      return {
        ready: parts.every((part) => !part.required || part.condition === 'ok'),
        condition: worst(parts.map((part) => part.condition)),
        parts,
      };
    },
  };
}

function worst(conditions: readonly Condition[]): Condition {
  if (conditions.includes('down')) return 'down';
  return conditions.includes('degraded') ? 'degraded' : 'ok';
}
