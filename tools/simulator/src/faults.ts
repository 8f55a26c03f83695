import type { Fault, Spoiling } from './fault.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { FrameFaults } from './frame-faults.ts';
import type { Rest } from './rest.ts';
import type { Sockets } from './sockets.ts';

/** How many frames of which stream a fault meets, and after how many that pass unharmed. */
export interface Aim {
  readonly stream?: string;
  readonly count?: number;
  readonly after?: number;
}

/** Faults on demand. */
export class Faults {
  readonly #frames: FrameFaults;
  readonly #sockets: Sockets;
  readonly #rest: Rest;
  readonly #now: () => number;

  constructor(frames: FrameFaults, sockets: Sockets, rest: Rest, now: () => number) {
    this.#frames = frames;
    this.#sockets = sockets;
    this.#rest = rest;
    this.#now = now;
  }

  /** Faults that still wait for their frames or requests. */
  get active(): Fault[] {
    return [...this.#frames.active, ...this.#rest.faults];
  }

  /** Lets a fault happen: at once, or at the frames or requests that it is aimed at. */
  inject(fault: Fault): void {
    switch (fault.kind) {
      case 'drop':
      case 'mute':
      case 'silence':
        this.#sockets.meet(fault);
        return;
      case 'shutdown':
        this.#sockets.notify('!serverShutdown', `{"e":"serverShutdown","E":${this.#now()}}`);
        return;
      case 'rest':
        this.#rest.arm(fault);
        return;
      case 'restHead':
        this.#rest.behind.set(fault.symbol ?? '*', fault.behind);
        return;
      default:
        this.#frames.arm(fault);
    }
  }

  /** Everything is well again: nothing armed, muted, silent or failing. */
  clear(): void {
    this.#frames.clear();
    this.#rest.clear();
    this.#sockets.heal();
  }

  /** Follows a random plan from now on; null ends it. */
  follow(plan: FaultPlan | null): void {
    this.#frames.plan = plan;
  }

  drop(how: 'reset' | 'close' = 'reset', stream?: string): void {
    this.inject({ kind: 'drop', how, ...(stream === undefined ? {} : { stream }) });
  }

  skip(aim: Aim = {}): void {
    this.inject({ kind: 'skip', ...aim });
  }

  repeat(aim: Aim & { readonly later?: number } = {}): void {
    this.inject({ kind: 'repeat', ...aim });
  }

  reorder(aim: Aim = {}): void {
    this.inject({ kind: 'reorder', ...aim });
  }

  mute(stream: string, forMs?: number): void {
    this.inject({ kind: 'mute', stream, ...(forMs === undefined ? {} : { forMs }) });
  }

  malformed(mode: Spoiling, aim: Aim = {}): void {
    this.inject({ kind: 'malformed', mode, ...aim });
  }

  silence(options: { readonly pongs?: boolean; readonly forMs?: number } = {}): void {
    this.inject({ kind: 'silence', ...options });
  }

  rest(fault: Omit<Extract<Fault, { kind: 'rest' }>, 'kind'>): void {
    this.inject({ kind: 'rest', ...fault });
  }

  restHead(behind: number, symbol?: string): void {
    this.inject({ kind: 'restHead', behind, ...(symbol === undefined ? {} : { symbol }) });
  }
}
