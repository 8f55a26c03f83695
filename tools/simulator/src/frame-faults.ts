import type { Fault, Spoiling } from './fault.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { Frame } from './history.ts';

/** What goes out for a frame: its data, perhaps spoilt, or an instruction for the sockets. */
export interface Delivery {
  readonly stream: string;
  readonly data: string;
  /** The text of the whole message is cut short. */
  readonly truncated?: boolean;
}

/** What the sockets are told to do besides delivering. */
export interface SocketFault {
  readonly fault: Extract<Fault, { kind: 'drop' | 'mute' }>;
}

type FrameFault = Extract<Fault, { kind: 'skip' | 'repeat' | 'reorder' | 'malformed' }>;

interface Armed {
  readonly fault: FrameFault;
  wait: number;
  left: number;
}

interface Later {
  readonly delivery: Delivery;
  frames: number;
}

/** Decides frame by frame what the sockets get: everything once and in order, but for the armed faults. */
export class FrameFaults {
  plan: FaultPlan | null = null;
  /** How many frames each kind has met. */
  readonly counts: Record<string, number> = {};
  readonly #armed: Armed[] = [];
  readonly #held = new Map<string, Delivery>();
  readonly #later = new Map<string, Later[]>();
  readonly #cut: (fault: SocketFault['fault']) => void;

  constructor(cut: (fault: SocketFault['fault']) => void) {
    this.#cut = cut;
  }

  arm(fault: FrameFault): void {
    this.#armed.push({ fault, wait: fault.after ?? 0, left: fault.count ?? 1 });
  }

  get active(): Fault[] {
    return this.#armed.map(({ fault, left }) => ({ ...fault, count: left }));
  }

  /** Disarms everything; frames that were held back are lost to the sockets, as skipped ones are. */
  clear(): void {
    this.plan = null;
    this.#armed.length = 0;
    this.#held.clear();
    this.#later.clear();
  }

  /** The deliveries for this frame, in order. */
  pass(frame: Frame): Delivery[] {
    if (this.#armed.length === 0 && !this.plan && this.#held.size === 0 && this.#later.size === 0)
      return [frame];
    const held = this.#held.get(frame.stream);
    // The partner of a held frame is left unharmed, so that a pair is a pair.
    const out = this.#meet(frame, held ? null : this.#next(frame));
    if (held) {
      this.#held.delete(frame.stream);
      out.push(held);
    }
    return [...out, ...this.#due(frame.stream)];
  }

  #next(frame: Frame): Fault | null {
    for (const armed of this.#armed) {
      if (armed.fault.stream !== undefined && armed.fault.stream !== frame.stream) continue;
      if (armed.wait-- > 0) continue;
      armed.left -= 1;
      if (armed.left === 0) this.#armed.splice(this.#armed.indexOf(armed), 1);
      return armed.fault;
    }
    return this.plan?.decide(frame) ?? null;
  }

  #meet(frame: Frame, fault: Fault | null): Delivery[] {
    if (!fault) return [frame];
    this.counts[fault.kind] = (this.counts[fault.kind] ?? 0) + 1;
    switch (fault.kind) {
      case 'skip':
        return [];
      case 'repeat':
        if (!fault.later) return [frame, frame];
        this.#later.set(frame.stream, [
          ...(this.#later.get(frame.stream) ?? []),
          { delivery: frame, frames: fault.later + 1 },
        ]);
        return [frame];
      case 'reorder':
        this.#held.set(frame.stream, frame);
        return [];
      case 'malformed':
        return spoil(frame, fault.mode);
      case 'drop':
      case 'mute':
        this.#cut({ ...fault, stream: frame.stream });
        return [frame];
      default:
        return [frame];
    }
  }

  #due(stream: string): Delivery[] {
    const waiting = this.#later.get(stream);
    if (!waiting) return [];
    for (const later of waiting) later.frames -= 1;
    const rest = waiting.filter((later) => later.frames > 0);
    if (rest.length > 0) this.#later.set(stream, rest);
    else this.#later.delete(stream);
    return waiting.filter((later) => later.frames <= 0).map((later) => later.delivery);
  }
}

function spoil(frame: Frame, mode: Spoiling): Delivery[] {
  const { stream, data } = frame;
  switch (mode) {
    case 'truncate':
      return [{ stream, data, truncated: true }];
    case 'types':
      return [
        {
          stream,
          data: data.replace(/"p":"([^"]*)"/, '"p":{"price":"$1"}').replace(/"(t|a)":(\d+)/, '"$1":"$2x"'),
        },
      ];
    case 'event':
      return [{ stream, data: data.replace(/"e":"[^"]*"/, '"e":"somethingNew"') }, frame];
    case 'field':
      return [{ stream, data: `${data.slice(0, -1)},"zz":{"new":[1,null,"field"]}}` }];
  }
}
