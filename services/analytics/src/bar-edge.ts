import { Bar, intervalMs } from '@tandem/common';

/** A bar from the bus, or a sentence that says why it is none. */
export function readBar(data: unknown): Bar | string {
  const parsed = Bar.safeParse(data);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return `${issue?.path.join('.') || 'the message'}: ${issue?.message}`;
  }
  const bar = parsed.data;
  if (bar.time % intervalMs[bar.interval] === 0) return bar;
  return `time: ${bar.time} is no open time of a ${bar.interval} bar`;
}
