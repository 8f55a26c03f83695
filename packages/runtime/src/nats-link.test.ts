import { natsServer } from '@tandem/backends';
import { afterAll, describe, expect, it } from 'vitest';
import { ensureStreams } from './nats-ensure.ts';
import { natsLink } from './nats-link.ts';
import { readStream } from './nats-reader.ts';
import { bucketConfiguration, bucketStream } from './settings/nats-bucket.ts';

const server = await natsServer();
if (server !== undefined) afterAll(() => server.stop());

describe.skipIf(server === undefined)('the connection to NATS', () => {
  const url = server?.url ?? '';
  const reading = { stream: bucketStream, from: 'first', newestOnly: true } as const;
  const { signal } = new AbortController();

  it('ends readers with an error when it is over and nobody has closed it', async () => {
    const states: string[] = [];
    const link = await natsLink(url, { onState: (condition, reason) => states.push(condition + reason) });
    await ensureStreams(link, [bucketConfiguration], {});
    const waiting = readStream({ ...reading, link, signal }).next();
    waiting.catch(() => {});
    await link.connection.close();
    await expect(waiting).rejects.toThrow(`the connection to ${link.shown} is over`);
    await expect(link.whenConnected()).rejects.toThrow('is over');
    expect(states.at(-1)).toMatch(/^downthe connection to .* is over/);
    expect(link.closed).toBe(false);
  });

  it('ends readers in peace when it is closed', async () => {
    const link = await natsLink(url);
    const waiting = readStream({ ...reading, link, signal }).next();
    await link.close();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await link.close();
  });
});
