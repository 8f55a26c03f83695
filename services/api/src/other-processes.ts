import { ServiceHealth } from '@tandem/common';
import type { Bus } from '@tandem/runtime';
import type { PartStatus } from './options.ts';

/** After so long without a word a process counts as dead, ms. */
export const longestSilence = 10_000;

/** What processes without a page have said of themselves last. */
export interface OtherProcesses {
  parts(now: number): Record<string, PartStatus>;
  stop(): void;
}

/** Listens to the health that other processes announce. `clock` is the wall clock, ms. */
export function otherProcesses(bus: Bus, clock: () => number): OtherProcesses {
  const heard = new Map<string, { at: number; statement: ServiceHealth }>();
  const subscription = bus.subscribe('health.*', (_, data) => {
    const parsed = ServiceHealth.safeParse(data);
    if (parsed.success) heard.set(parsed.data.service, { at: clock(), statement: parsed.data });
  });
  return {
    parts: (now) =>
      Object.assign({}, ...[...heard.values()].map(({ at, statement }) => partsOf(statement, at, now))),
    stop: () => subscription.stop(),
  };
}

/** The parts of one process by name; those that every process has carry the service's name. */
function partsOf({ service, parts }: ServiceHealth, at: number, now: number): Record<string, PartStatus> {
  const silence = now - at;
  return Object.fromEntries(
    parts.map(({ part, condition, reason, age }) => {
      const name = shared.has(part) ? `${part} of ${service}` : part;
      const status: PartStatus =
        silence > longestSilence
          ? {
              state: 'down',
              detail: `no word from ${service} for ${Math.round(silence / 1000)} s`,
              at: now,
              since: at,
            }
          : { state: condition, detail: reason, at, since: Math.round(at - age) };
      return [name, status];
    }),
  );
}

const shared = new Set(['bus', 'store', 'settings']);
