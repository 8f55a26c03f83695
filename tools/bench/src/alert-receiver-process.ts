import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The `webhook-id` of an alert, and the moment at which its first bytes arrived. */
export type AlertArrival = readonly [id: string, at: number];

export type ReceiverQuestion = 'arrivals';
export type ReceiverAnswer = { readonly url: string } | { readonly arrivals: AlertArrival[] };

/** A receiver of webhooks in a process of its own. */
export interface AlertReceiver {
  readonly url: string;
  /** What has arrived since this was last asked. */
  arrivals(): Promise<readonly AlertArrival[]>;
  stop(): void;
}

export async function startAlertReceiver(): Promise<AlertReceiver> {
  const child = fork(fileURLToPath(new URL('./alert-receiver.js', import.meta.url)));
  const started = await answerOf(child);
  if (!('url' in started)) throw new Error('the receiver did not say where it is');
  return {
    url: started.url,
    async arrivals() {
      const answer = answerOf(child);
      child.send('arrivals' satisfies ReceiverQuestion);
      const found = await answer;
      if (!('arrivals' in found)) throw new Error('the receiver did not say what arrived');
      return found.arrivals;
    },
    stop: () => void child.kill(),
  };
}

function answerOf(child: ChildProcess): Promise<ReceiverAnswer> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the receiver ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as ReceiverAnswer);
    });
  });
}
