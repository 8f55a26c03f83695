import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Settings, StaleWrite } from './settings.ts';

/** What every adapter of settings promises; `make` gives an empty one. */
export function settingsContract(name: string, make: () => Promise<Settings>): void {
  describe(`settings: ${name}`, () => {
    let settings: Settings;
    beforeEach(async () => {
      settings = await make();
    });
    afterEach(() => settings.close());

    it('gives back a document as it was put, a copy of its own', async () => {
      const value = { y: 'sim:AAA', thresholds: [2, -2, null], text: 'ä "quoted"\n' };
      await settings.put('studies', 'a-b-1m', value);
      value.y = 'changed';
      const entry = await settings.get('studies', 'a-b-1m');
      expect(entry?.value).toEqual({ y: 'sim:AAA', thresholds: [2, -2, null], text: 'ä "quoted"\n' });
      expect(await settings.get('studies', 'other')).toBeUndefined();
      expect(await settings.get('rules', 'a-b-1m')).toBeUndefined();
    });

    it('counts up the revision with each write', async () => {
      const first = await settings.put('rules', 'divergence', 1);
      const second = await settings.put('rules', 'divergence', 2);
      expect(first.revision).toBeGreaterThan(0);
      expect(second.revision).toBeGreaterThan(first.revision);
      expect(await settings.get('rules', 'divergence')).toEqual(second);
    });

    it('refuses a write that did not see the current version', async () => {
      const first = await settings.put('rules', 'divergence', 1, 0);
      const second = await settings.put('rules', 'divergence', 2, first.revision);
      await expect(settings.put('rules', 'divergence', 3, first.revision)).rejects.toThrow(StaleWrite);
      await expect(settings.put('rules', 'divergence', 3, 0)).rejects.toThrow(StaleWrite);
      await expect(settings.delete('rules', 'divergence', first.revision)).rejects.toThrow(StaleWrite);
      await expect(settings.put('rules', 'absent', 3, 7)).rejects.toThrow(StaleWrite);
      expect(await settings.get('rules', 'divergence')).toEqual(second);
    });

    it('lets exactly one of several writers that saw the same version win', async () => {
      const { revision } = await settings.put('rules', 'divergence', 'seen');
      const writers = Array.from({ length: 10 }, (_, n) => settings.put('rules', 'divergence', n, revision));
      const results = await Promise.allSettled(writers);
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    });

    it('deletes, and does not confuse a later document with the one deleted', async () => {
      const first = await settings.put('rules', 'divergence', 1);
      await settings.delete('rules', 'divergence', first.revision);
      await settings.delete('rules', 'divergence');
      expect(await settings.get('rules', 'divergence')).toBeUndefined();
      expect(await settings.list('rules')).toEqual([]);
      const again = await settings.put('rules', 'divergence', 2, 0);
      expect(again.revision).toBeGreaterThan(first.revision);
    });

    it('lists a bucket by key', async () => {
      expect(await settings.list('studies')).toEqual([]);
      for (const key of ['b', 'a', 'c.d-1']) await settings.put('studies', key, { key });
      expect((await settings.list('studies')).map((entry) => [entry.key, entry.value])).toEqual([
        ['a', { key: 'a' }],
        ['b', { key: 'b' }],
        ['c.d-1', { key: 'c.d-1' }],
      ]);
    });

    it('tells watchers of the bucket of each change, until they stop', async () => {
      const seen: unknown[] = [];
      let stop = () => {};
      const told = new Promise<void>((resolve) => {
        stop = settings.watch('rules', (key, value) => {
          seen.push([key, value]);
          if (value === undefined) resolve();
        });
      });
      await settings.put('studies', 'a', 1);
      await settings.put('rules', 'divergence', { z: 2 });
      await settings.delete('rules', 'divergence');
      await told;
      stop();
      await settings.put('rules', 'divergence', 3);
      expect(seen).toEqual([
        ['divergence', { z: 2 }],
        ['divergence', undefined],
      ]);
    });

    it('does not let a throwing watcher break the writer', async () => {
      settings.watch('rules', () => {
        throw new Error('watcher');
      });
      await settings.put('rules', 'divergence', 1);
      expect((await settings.get('rules', 'divergence'))?.value).toBe(1);
    });

    it.each(['', '.', '..', '../a', 'A', 'a/b', 'a b', 'a\n', '.a', 'a'.repeat(101)])(
      'refuses the name %j in one sentence',
      async (key) => {
        await expect(settings.put('rules', key, 1)).rejects.toThrow(/^key .* is refused/);
        await expect(settings.get(key, 'a')).rejects.toThrow(/^bucket .* is refused/);
        await expect(settings.list(key)).rejects.toThrow(/^bucket .* is refused/);
      },
    );

    it('refuses what is not JSON', async () => {
      await expect(settings.put('rules', 'a', undefined)).rejects.toThrow(/rules\/a is refused/);
      expect(await settings.get('rules', 'a')).toBeUndefined();
    });

    it('refuses to be used once closed', async () => {
      await settings.close();
      await expect(settings.put('rules', 'a', 1)).rejects.toThrow(/closed/);
      await expect(settings.get('rules', 'a')).rejects.toThrow(/closed/);
    });
  });
}
