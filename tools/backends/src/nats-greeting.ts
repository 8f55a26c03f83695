import { connect } from 'node:net';

/** Whether a NATS server greets who connects. */
export function greets(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    const settle = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('data', (data) => settle(data.toString().startsWith('INFO')));
    socket.once('error', () => settle(false));
    // An engine takes connections for a container that does not listen yet, and hangs up without a word.
    socket.once('close', () => settle(false));
    socket.setTimeout(1_000, () => settle(false));
  });
}
