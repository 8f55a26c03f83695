import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replayWhole } from './replay-whole.fixture.ts';
import { fill, frameLines, recordingFolder } from './written-recording.fixture.ts';

const write = recordingFolder();
const t = 1_723_161_600_000;
const depth = (time: number) => ({ e: 'depthUpdate', E: time, T: time, s: 'BTCUSDT' });

describe('missing, repeated and reordered frames of a recording', () => {
  it('a frame that was overtaken is put in its place', async () => {
    const file = await write(
      'reordered',
      frameLines([t, fill(1, t)], [t + 1, fill(3, t + 1)], [t + 900, fill(2, t)]),
    );
    const { ticks, summary } = await replayWhole([file]);
    expect(ticks.get('BTCUSDT')?.map(({ id }) => id)).toEqual(['1', '2', '3']);
    expect(summary.instruments['binance-usdm:BTCUSDT']).toMatchObject({ gaps: 0, duplicates: 0 });
  });

  it('ids that do not come within two seconds are declared missing before the print after them', async () => {
    const file = await write(
      'lost',
      frameLines(
        [t, fill(1, t)],
        [t + 5, fill(5, t + 5)],
        [t + 1_900, depth(t + 1_900)],
        [t + 2_100, depth(t + 2_100)],
      ),
    );
    const { messages } = await replayWhole([file], { batchMs: 1 });
    const after = messages.find(({ gap }) => gap !== undefined);
    expect(after).toMatchObject({
      fromId: '5',
      toId: '5',
      gap: { fromId: '2', toId: '4', fromTime: t, toTime: t + 5, repairable: false },
    });
    expect(messages.filter(({ ticks }) => ticks.length > 0)).toHaveLength(2);
  });

  it('no heartbeat passes over ids that are awaited', async () => {
    const file = await write(
      'awaited',
      frameLines(
        [t, fill(1, t)],
        [t + 5, fill(3, t + 5)],
        [t + 1_900, depth(t + 1_900)],
        [t + 1_950, fill(2, t + 2)],
      ),
    );
    const { messages } = await replayWhole([file], { batchMs: 1 });
    expect(messages[1]).toMatchObject({ fromId: '2', toId: '3' });
  });

  it('what is still missing when the recording ends is a gap', async () => {
    const file = await write('cut', frameLines([t, fill(1, t)], [t + 1, fill(4, t + 1)]));
    const { messages, summary } = await replayWhole([file]);
    expect(messages.find(({ gap }) => gap !== undefined)?.gap).toMatchObject({ fromId: '2', toId: '3' });
    expect(summary.instruments['binance-usdm:BTCUSDT']).toMatchObject({ prints: 2, gaps: 1 });
  });

  it('one absurd id does not make duplicates of the trades after it', async () => {
    const wild = fill(9_000_000_000_000_000, t + 1);
    const rest = Array.from(
      { length: 50 },
      (_, n) => [t + 100 * n + 2, fill(n + 2, t + 100 * n + 2)] as const,
    );
    const file = await write('absurd', frameLines([t, fill(1, t)], [t + 1, wild], ...rest));
    const { ticks, summary } = await replayWhole([file]);
    expect(
      ticks
        .get('BTCUSDT')
        ?.map(({ id }) => id)
        .slice(0, 51),
    ).toEqual(Array.from({ length: 51 }, (_, n) => String(n + 1)));
    expect(summary.instruments['binance-usdm:BTCUSDT']).toMatchObject({ duplicates: 0, gaps: 1 });
  });

  it('ten thousand prints are not held back for one that is lost', async () => {
    const many = Array.from({ length: 10_050 }, (_, n) => [t, fill(n + 3, t)] as const);
    const file = await write('flood', frameLines([t, fill(1, t)], ...many));
    const { messages } = await replayWhole([file]);
    const at = messages.findIndex(({ gap }) => gap !== undefined);
    expect(at).toBeGreaterThan(0);
    expect(messages.slice(at).reduce((sum, { ticks }) => sum + ticks.length, 0)).toBe(10_050);
    expect(messages.at(-1)).toMatchObject({ toId: '10052' });
  });

  it('prints without price, of the insurance fund and from the future are filtered, and their ids count', async () => {
    const file = await write(
      'filtered',
      frameLines(
        [t, fill(1, t)],
        [t, fill(2, t, { p: '0', q: '0', X: 'NA' })],
        [t, fill(3, t, { X: 'INSURANCE_FUND' })],
        [t, { ...fill(4, t + 5_001), E: t }],
        [t, fill(5, t)],
      ),
    );
    const { messages, ticks } = await replayWhole([file]);
    expect(messages.reduce((sum, { filtered }) => sum + filtered, 0)).toBe(3);
    expect(messages.findLast(({ toId }) => toId !== null)).toMatchObject({ toId: '5' });
    expect(messages.some(({ gap }) => gap !== undefined)).toBe(false);
    expect(ticks.get('BTCUSDT')?.map(({ id }) => id)).toEqual(['1', '5']);
  });

  it('recordings of two machines that overlap give each trade once, however the frames are dealt out', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('first', 'second', 'both'), { minLength: 1, maxLength: 60 }),
        fc.boolean(),
        async (owners, swapped) => {
          const lines = (owner: string) =>
            frameLines(
              ...owners.flatMap((by, n) =>
                by === owner || by === 'both'
                  ? [[t + 10 * n + (owner === 'second' ? 3 : 0), fill(n + 1, t + 10 * n)] as const]
                  : [],
              ),
              [t, depth(t)],
            );
          const files = [await write('first', lines('first')), await write('second', lines('second'))];
          const { ticks, summary } = await replayWhole(swapped ? files.reverse() : files);
          expect(ticks.get('BTCUSDT')?.map(({ id }) => Number(id))).toEqual(owners.map((_, n) => n + 1));
          expect(summary.instruments['binance-usdm:BTCUSDT']?.duplicates).toBe(
            owners.filter((by) => by === 'both').length,
          );
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('the order of files', () => {
  it('changes nothing, even for rows without ids and for equal times', async () => {
    const row = fc.record({ at: fc.integer({ min: 0, max: 20 }), price: fc.integer({ min: 1, max: 9 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(row, { minLength: 1, maxLength: 20 }), { minLength: 2, maxLength: 4 }),
        fc.nat(),
        async (parts, seed) => {
          const files: string[] = [];
          for (const [index, rows] of parts.entries()) {
            const text = rows
              .map(({ at, price }) => JSON.stringify({ s: 'A', T: t + at, p: price, q: index + 1 }))
              .join('\n');
            files.push(await write(`rows-${index}`, text));
          }
          const expected = await replayWhole(files);
          const turned = [
            ...files.slice(seed % files.length),
            ...files.slice(0, seed % files.length),
          ].reverse();
          expect((await replayWhole(turned)).messages).toEqual(expected.messages);
          const times = expected.ticks.get('A')?.map(({ time }) => time) ?? [];
          expect(times).toEqual(
            parts
              .flat()
              .map(({ at }) => t + at)
              .sort((a, b) => a - b),
          );
          expect(expected.ticks.get('A')?.map(({ id }) => Number(id))).toEqual(times.map((_, n) => n + 1));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('a file named twice is read once', async () => {
    const file = await write('twice', '{"s":"A","T":1723161600000,"p":1,"q":1}\n');
    expect((await replayWhole([file, file])).ticks.get('A')).toHaveLength(1);
  });
});
