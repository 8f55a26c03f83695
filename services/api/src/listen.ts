import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens, or fails with one sentence that says which port and what to do. Resolves to the address. */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (fault: NodeJS.ErrnoException) => reject(new Error(sentence(fault, host, port))));
    server.listen(port, host, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${shown}:${bound}`;
}

function sentence(fault: NodeJS.ErrnoException, host: string, port: number): string {
  if (fault.code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is already in use: stop the program that has it, or choose another port in the settings (0 takes any free one).`;
  }
  if (fault.code === 'EACCES') {
    return `Port ${port} on ${host} may not be opened by this user: choose one above 1023 in the settings.`;
  }
  return `The server cannot listen on ${host}:${port}: ${fault.message}.`;
}
