import type { Tick, TickMessage } from '@tandem/common';
import { type ReplayOptions, replayMessages } from './replay.ts';
import { emptySummary, type ReplaySummary } from './summary.ts';

/** A whole replay in memory. */
export interface WholeReplay {
  messages: TickMessage[];
  /** By symbol. */
  ticks: Map<string, Tick[]>;
  /** Receive times of the batches. */
  times: number[];
  summary: ReplaySummary;
}

export async function replayWhole(
  files: readonly string[],
  options: ReplayOptions = {},
): Promise<WholeReplay> {
  const whole: WholeReplay = { messages: [], ticks: new Map(), times: [], summary: emptySummary() };
  for await (const batch of replayMessages(files, { ...options, summary: whole.summary })) {
    whole.times.push(batch.at);
    whole.messages.push(...batch.messages);
    for (const { symbol, ticks } of batch.messages) {
      const known = whole.ticks.get(symbol);
      if (known === undefined) whole.ticks.set(symbol, [...ticks]);
      else known.push(...ticks);
    }
  }
  return whole;
}
