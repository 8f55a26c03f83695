import type { Instrument, Rule, Study } from '@tandem/common';

/** What one part of the system says of itself. */
export interface PartStatus {
  readonly state: 'ok' | 'degraded' | 'down' | 'off';
  /** Why it is not ok, in words; empty when it is. */
  readonly detail: string;
  /** Wall clock of this statement. */
  readonly at: number;
  /** Since when it has been in this state. */
  readonly since: number;
}

/** What the screen must say about where its data come from. */
export interface Badge {
  readonly kind: 'LIVE' | 'REPLAY' | 'SIMULATED';
  readonly reason: string;
}

export interface ApiOptions {
  readonly dataset: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Names, besides loopback and `host`, by which browsers may call this server. */
  readonly allowedHosts: readonly string[];
  /** Built dashboard, or undefined to serve the api alone. */
  readonly dashboardDirectory?: string | undefined;
  readonly badge: Badge | (() => Badge);
  readonly instruments: readonly Instrument[] | (() => readonly Instrument[]);
  readonly studies: readonly Study[] | (() => readonly Study[]);
  readonly rules: readonly Rule[] | (() => readonly Rule[]);
  readonly version: string;
  /** What parts outside this process, or switched off, say of themselves, by name. */
  readonly services?: () => Readonly<Record<string, PartStatus>>;
  readonly maxClients?: number;
  /** Bytes that may wait in a client's socket before it counts as slow. */
  readonly bufferedLimit?: number;
  /** How long a client may take nothing before it is closed, ms. */
  readonly stuckAfter?: number;
}

/** The present value of an option that may change while the server runs. */
export function present<Value>(option: Value | (() => Value)): Value {
  return typeof option === 'function' ? (option as () => Value)() : option;
}
