import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A tick by symbol and id, and the moment at which its frame was sent. */
export type Sent = readonly [key: string, at: number];

export type ExchangeQuestion = 'marks';
export type ExchangeAnswer = { readonly stream: string; readonly rest: string } | { readonly sent: Sent[] };

/** A simulated exchange in a process of its own. */
export interface Exchange {
  readonly stream: string;
  readonly rest: string;
  /** What has been sent since this was last asked. */
  marks(): Promise<readonly Sent[]>;
  stop(): void;
}

/** Starts an exchange that prints `rate` trades a second, evenly. */
export async function startExchange(seed: number, rate: number): Promise<Exchange> {
  const child = fork(fileURLToPath(new URL('./exchange.js', import.meta.url)), [String(seed), String(rate)]);
  const started = await answerOf(child);
  if (!('stream' in started)) throw new Error('the exchange did not say where it is');
  return {
    stream: started.stream,
    rest: started.rest,
    async marks() {
      const answer = answerOf(child);
      child.send('marks' satisfies ExchangeQuestion);
      const found = await answer;
      if (!('sent' in found)) throw new Error('the exchange did not say what it sent');
      return found.sent;
    },
    stop: () => void child.kill(),
  };
}

function answerOf(child: ChildProcess): Promise<ExchangeAnswer> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the exchange ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as ExchangeAnswer);
    });
  });
}
