import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { replayWhole } from './replay-whole.fixture.ts';
import { fill, frameLines, recordingFolder } from './written-recording.fixture.ts';

const write = recordingFolder();
const t = 1_723_161_600_000;

describe('files that cannot be read', () => {
  it.each([
    ['empty', '', /empty is no recording/],
    ['prose', 'It was the best of times,\nit was the worst of times.\n', /prose is no recording/],
    [
      'only-bad',
      '{"symbol":"A","ts":1,"price":1,"size":1}\n',
      /no trade could be read from .*only-bad line 1: 1 is no time/,
    ],
    ['quiet', frameLines([t, { e: 'depthUpdate', E: t, T: t }]), /no trade could be read/],
    ['nobody', '{"result":null,"id":1}\n', /an exchange that is not known/],
    ['rows-1.csv', 'time,price,qty\n1,2,3\n', /no trade could be read/],
  ])('%s fails with one sentence', async (name, content, sentence) => {
    await expect(replayWhole([await write(name, content)])).rejects.toThrow(sentence);
  });

  it('a file that is not there, and a folder, fail with one sentence', async () => {
    await expect(replayWhole(['/nowhere/at-all'])).rejects.toThrow(
      '/nowhere/at-all cannot be opened: there is no such file',
    );
    await expect(replayWhole(['.'])).rejects.toThrow(/is no file: name the recordings one by one/);
    await expect(replayWhole([])).rejects.toThrow('no trade could be read from no files');
  });

  it('gzip data that is damaged fails with the name of the file', async () => {
    const bytes = gzipSync(frameLines([t, fill(1, t)]));
    bytes.fill(0xff, 12, 40);
    await expect(replayWhole([await write('damaged', bytes)])).rejects.toThrow(
      /damaged is damaged: its gzip data/,
    );
  });

  it('gzip data that is cut off gives what there is, and says so', async () => {
    const lines = Array.from({ length: 5_000 }, (_, n) => [t + n, fill(n + 1, t + n)] as const);
    const whole = await write('whole.gz', gzipSync(frameLines(...lines)));
    const bytes = await readFile(whole);
    const cut = await write('cut', bytes.subarray(0, Math.floor(bytes.length * 0.7)));
    const { ticks, summary } = await replayWhole([cut]);
    const ids = ticks.get('BTCUSDT')?.map(({ id }) => Number(id)) ?? [];
    expect(ids.length).toBeGreaterThan(2_500);
    expect(ids).toEqual(ids.map((_, n) => n + 1));
    expect(summary.truncated).toEqual([expect.stringMatching(/cut$/)]);
    expect((await replayWhole([whole])).summary.truncated).toEqual([]);
  });
});
