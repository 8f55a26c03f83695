import { setTimeout as sleep } from 'node:timers/promises';
import { natsServer } from '@tandem/backends';
import { connect } from 'nats';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { wipeNats } from '../nats-wipe.fixture.ts';
import { natsSettings } from './nats.ts';

for (const which of ['newest', 'debian'] as const) {
  const server = await natsServer({ which });
  if (server === undefined) continue;
  afterAll(() => server.stop());

  describe(`settings on NATS ${server.version}`, () => {
    beforeEach(() => wipeNats(server.url));

    it.skipIf(server.how === 'environment')(
      'outlive the server, and their watchers hear of what others change after it',
      async () => {
        const settings = await natsSettings(server.url);
        const other = await natsSettings(server.url);
        const heard: unknown[] = [];
        settings.watch('studies', (key, value) => heard.push([key, value]));
        // It watches from here on: a read waits for that.
        expect(await settings.list('studies')).toEqual([]);
        const before = await other.put('studies', 'a', 0);
        await server.kill();
        const writing = other.put('studies', 'a', 1, before.revision);
        await server.restart();
        const after = await writing;
        expect(await settings.get('studies', 'a')).toEqual(after);
        await other.put('studies', 'b', 2);
        while (JSON.stringify(heard.at(-1)) !== '["b",2]') await sleep(10);
        // A version that was replaced while the server was away need not be told.
        expect(heard.filter((told) => JSON.stringify(told) !== '["a",0]')).toEqual([
          ['a', 1],
          ['b', 2],
        ]);
        await settings.close();
        await other.close();
      },
    );

    it.skipIf(server.how === 'environment')(
      'say after a while that the server is away, and work once it is back',
      async () => {
        const patient = await natsSettings(server.url);
        await patient.put('studies', 'a', 1);
        await patient.close();
        const settings = await natsSettings(server.url, { answersWithin: 300 });
        await server.kill();
        await expect(settings.put('studies', 'a', 2)).rejects.toThrow(
          /^document studies\/a cannot be had: nats:.* says no connection$/,
        );
        await expect(settings.list('studies')).rejects.toThrow(/^bucket studies cannot be had/);
        await server.restart();
        const value = async () => (await settings.get('studies', 'a'))?.value;
        await expect.poll(value).toBe(1);
        await settings.close();
      },
    );

    it('lose no write of several processes that each write on what they saw', async () => {
      const writers = await Promise.all([1, 2, 3].map(() => natsSettings(server.url)));
      let refused = 0;
      await Promise.all(
        writers.map(async (settings) => {
          for (let done = 0; done < 20; ) {
            const seen = await settings.get('rules', 'count');
            const next = ((seen?.value as number | undefined) ?? 0) + 1;
            const written = settings.put('rules', 'count', next, seen?.revision ?? 0);
            await written.then(
              () => done++,
              () => refused++,
            );
          }
        }),
      );
      expect((await writers[0]?.get('rules', 'count'))?.value).toBe(60);
      expect(refused).toBeGreaterThan(0);
      for (const settings of writers) await settings.close();
    });

    it('keep names apart that NATS would not take as they are', async () => {
      const settings = await natsSettings(server.url);
      const names = ['a', 'a.', 'a..b', 'a.b', 'a_b', 'a-b'];
      for (const name of names) await settings.put('my.bucket', name, name);
      await settings.put('my', 'bucket.a', 'another');
      expect((await settings.list('my.bucket')).map(({ key, value }) => [key, value])).toEqual(
        [...names].sort().map((name) => [name, name]),
      );
      await settings.close();
    });

    it('name the document that is no JSON, and pass over keys that none of ours has', async () => {
      const told: string[] = [];
      const settings = await natsSettings(server.url, { onError: (error) => told.push(String(error)) });
      const heard: unknown[] = [];
      settings.watch('studies', (key) => heard.push(key));
      await settings.put('studies', 'a', 1);
      const client = await connect({ servers: server.url.replace('nats://', '') });
      const bucket = await client.jetstream().views.kv('tandem');
      await bucket.put('studies.UPPER', '1');
      expect((await settings.list('studies')).map(({ key }) => key)).toEqual(['a']);
      await bucket.put('studies.bad', '{half');
      await expect(settings.get('studies', 'bad')).rejects.toThrow(
        'document studies/bad cannot be read: it is not JSON',
      );
      await expect(settings.list('studies')).rejects.toThrow('document studies/bad cannot be read');
      await bucket.delete('studies.bad');
      expect(await settings.get('studies', 'bad')).toBeUndefined();
      expect(new TextDecoder().decode((await bucket.get('studies.a'))?.value)).toBe('1');
      while (heard.length < 2) await sleep(10);
      expect(heard).toEqual(['a', 'bad']);
      expect(told.join()).toContain('document studies/bad cannot be read');
      await client.close();
      await settings.close();
    });

    it('refuse a document that is longer than the server takes', async () => {
      const settings = await natsSettings(server.url);
      await expect(settings.put('studies', 'a', 'x'.repeat(2 ** 20))).rejects.toThrow(
        'document studies/a is refused: it has 1048578 bytes, the server takes 1047552',
      );
      await settings.close();
    });
  });
}
