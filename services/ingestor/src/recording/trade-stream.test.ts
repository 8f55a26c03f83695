import { describe, expect, it } from 'vitest';
import { replayWhole } from './replay-whole.fixture.ts';
import { fill, frameLines, recordingFolder } from './written-recording.fixture.ts';

const write = recordingFolder();
const t = 1_723_161_600_000;

describe('trade streams of Binance', () => {
  const both = frameLines(
    [t, { e: 'aggTrade', E: t, T: t, s: 'BTCUSDT', a: 77, f: 1, l: 2, p: '1', q: '1', m: true }],
    [t, fill(1, t)],
    [t + 1, fill(2, t + 1)],
  );

  it('where fills and aggregates were recorded, fills are taken', async () => {
    const { ticks } = await replayWhole([await write('both', both)]);
    expect(ticks.get('BTCUSDT')?.map(({ id }) => id)).toEqual(['1', '2']);
  });

  it('unless aggregates are asked for', async () => {
    const { ticks } = await replayWhole([await write('both', both)], { stream: 'aggTrade' });
    expect(ticks.get('BTCUSDT')).toEqual([expect.objectContaining({ id: '77', count: 2 })]);
  });

  it('the flag M of spot tells its frames from those of futures', async () => {
    const { X: _, ...spot } = fill(1, t, { M: true });
    const file = await write('spot', `${JSON.stringify({ stream: 'btcusdt@trade', data: spot })}\n`);
    expect((await replayWhole([file])).messages[0]?.venue).toBe('binance-spot');
    expect((await replayWhole([file], { venue: 'sim' })).messages[0]?.venue).toBe('sim');
  });

  it('one instrument as fills in one file and as aggregates in another is refused', async () => {
    const fills = await write('fills', frameLines([t, fill(1, t)]));
    const aggregates = await write('aggregates', both.split('\n')[0] as string);
    await expect(replayWhole([fills, aggregates])).rejects.toThrow(
      /BTCUSDT comes as .*choose with the option "stream"/,
    );
  });
});
