import { afterEach, describe, expect, it } from 'vitest';
import { healthRegistry } from './health.ts';
import { serveHealth } from './health-server.ts';
import { createLog } from './log.ts';
import { metricsRegistry } from './metrics.ts';

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

async function serve() {
  const health = healthRegistry();
  const metrics = metricsRegistry();
  const context = { health, metrics, log: createLog({ level: 'silent' }) };
  const server = await serveHealth(context, '127.0.0.1', 0);
  running.push(server);
  return { server, health, metrics, context };
}

describe('a process that is asked how it is', () => {
  it('is ready when every required part is, and says why it is not', async () => {
    const { server, health } = await serve();
    const part = health.part('resampler');
    const before = await fetch(`${server.url}/health/ready`);
    expect([before.status, await before.text()]).toEqual([503, expect.stringContaining('not started yet')]);
    part.report('ok');
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  });

  it('shows its counts, and nothing else', async () => {
    const { server, metrics } = await serve();
    metrics.counter('ticks_total', 'Ticks').inc(3);
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('tandem_ticks_total 3');
    expect((await fetch(`${server.url}/etc/passwd`)).status).toBe(404);
    expect((await fetch(`${server.url}/metrics`, { method: 'POST' })).status).toBe(405);
  });

  it('says in one sentence that its port is in use', async () => {
    const { server, context } = await serve();
    const port = Number(new URL(server.url).port);
    await expect(serveHealth(context, '127.0.0.1', port)).rejects.toThrow(`port ${port} is in use`);
  });
});
