import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Service, ServiceContext } from './service.ts';

/** What a process without the API shows of itself: `/health/live`, `/health/ready` (503 with the reasons until it is) and `/metrics`. */
export async function serveHealth(
  context: Pick<ServiceContext, 'health' | 'metrics' | 'log'>,
  host: string,
  port: number,
): Promise<Service & { url: string }> {
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: string, type = 'application/json') =>
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    try {
      if (request.method !== 'GET') return answer(405, '{"error":"only GET is answered here"}');
      switch (request.url) {
        case '/health/live':
          return answer(200, '{"state":"ok"}');
        case '/health/ready': {
          const report = context.health.read();
          return answer(report.ready ? 200 : 503, JSON.stringify(report));
        }
        case '/metrics':
          return answer(200, await context.metrics.text(), context.metrics.contentType);
        default:
          return answer(404, '{"error":"there are /health/live, /health/ready and /metrics"}');
      }
    } catch (error) {
      context.log.error({ err: error }, 'health could not be told:');
      return answer(500, '{"error":"see the log"}');
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = error.code === 'EADDRINUSE';
      reject(inUse ? new Error(`port ${port} is in use: choose another with TANDEM_HEALTH_PORT`) : error);
    });
    server.listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  const url = `http://${host}:${taken}`;
  context.log.info({ url }, 'health and metrics are served');
  return {
    name: 'health',
    url,
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
