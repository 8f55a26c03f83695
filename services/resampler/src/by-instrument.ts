import { subjects, type TickMessage } from '@tandem/common';
import type { Message } from '@tandem/runtime';
import { readTickMessage } from './core/message.ts';

/** The valid messages of each instrument, in order; the others are handed to `refuse` with the reason. */
export function byInstrument(
  messages: readonly Message[],
  refuse: (subject: string, reason: string) => void,
): Map<string, TickMessage[]> {
  const lists = new Map<string, TickMessage[]>();
  for (const { subject, data } of messages) {
    const message = readTickMessage(data);
    if (typeof message === 'string') {
      refuse(subject, message);
      continue;
    }
    if (subject !== subjects.ticks(message.venue, message.symbol)) {
      refuse(subject, `it is about ${message.venue}:${message.symbol}`);
      continue;
    }
    const list = lists.get(subject);
    if (list === undefined) lists.set(subject, [message]);
    else list.push(message);
  }
  return lists;
}
