import { createServer } from 'node:net';
import type { TandemConfiguration } from '@tandem/runtime';
import { z } from 'zod';
import { type Finding, ok, problem, warning } from './finding.ts';
import { ask } from './web.ts';

const Status = z.looseObject({
  version: z.string(),
  badge: z.looseObject({ kind: z.string(), reason: z.string() }),
  instruments: z.array(z.string()),
  services: z.record(z.string(), z.looseObject({ state: z.string(), detail: z.string() })),
});

/** What a Tandem that runs on the configured address says of itself. */
export interface Running {
  readonly url: string;
  readonly status: z.infer<typeof Status>;
}

/** The Tandem on the configured address, if one answers there. */
export async function findRunning(configuration: TandemConfiguration): Promise<Running | undefined> {
  if (configuration.port === 0) return undefined;
  const { host, port } = configuration;
  const local = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  const url = `http://${local.includes(':') && !local.startsWith('[') ? `[${local}]` : local}:${port}`;
  const answer = await ask(`${url}/api/v1/status`);
  const status = Status.safeParse(answer.kind === 'answer' ? answer.body : undefined);
  return status.success ? { url, status: status.data } : undefined;
}

/** Whether Tandem could listen where it is to, or already does, and then how it is. */
export async function checkPort(
  { host, port }: TandemConfiguration,
  running: Running | undefined,
): Promise<Finding[]> {
  if (running !== undefined)
    return [ok('port', `Tandem ${running.status.version} runs at ${running.url}`), health(running)];
  if (port === 0) return [ok('port', 'any that is free')];
  const fault = await listenFault(host, port);
  if (fault === undefined) return [ok('port', `${port} on ${host} is free`)];
  const [detail, mend] =
    fault.code === 'EADDRINUSE'
      ? [`${port} on ${host} is taken by another program`, 'stop it, or choose another with TANDEM_PORT']
      : fault.code === 'EACCES'
        ? [`${port} on ${host} may not be opened by this user`, 'choose one above 1023 with TANDEM_PORT']
        : [`${host} is no address of this machine (${fault.message})`, 'mend TANDEM_HOST'];
  return [problem('port', detail, mend)];
}

function health({ url, status }: Running): Finding {
  const poor = Object.entries(status.services).filter(
    ([, { state }]) => state === 'down' || state === 'degraded',
  );
  if (poor.length === 0) return ok('services', `all ok, trades are ${status.badge.kind}`);
  const said = poor.map(([name, { state, detail }]) => `${name} is ${state} (${detail})`).join('; ');
  return warning('services', said, `see ${url} and the log`);
}

function listenFault(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
