import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestLine } from './lines.ts';
import { replayWhole } from './replay-whole.fixture.ts';
import { fill, frameLines, recordingFolder } from './written-recording.fixture.ts';

const write = recordingFolder();
const t = 1_723_161_600_000;

describe('formats are told by content', () => {
  it.each([
    ['none', ''],
    ['s', '1723161600.0633569: '],
    ['whole s', '1723161600 '],
    ['ms', '1723161600063 '],
    ['µs', '1723161600063356 '],
    ['ns', '1723161600063356912 '],
  ])('a receive time in %s', async (unit, prefix) => {
    const file = await write('frame.csv', `${prefix}${JSON.stringify(fill(1, t))}\r\n`);
    const { ticks, summary } = await replayWhole([file]);
    const received = unit === 'none' || unit === 'whole s' ? t : t + 63;
    expect(ticks.get('BTCUSDT')).toEqual([
      { id: '1', time: t, price: 100.5, quantity: 0.25, side: 'buy', count: 1, received },
    ]);
    expect(summary.refused).toBe(0);
  });

  it.each([
    ['ISO', '"2024-08-09T00:00:00.000Z"'],
    ['ISO without zone is UTC', '"2024-08-09 00:00:00"'],
    ['ISO with an offset', '"2024-08-09T02:00:00+02:00"'],
    ['s', '1723161600'],
    ['ms', '1723161600000'],
    ['µs as text', '"1723161600000000"'],
    ['ns', '1723161600000000000'],
  ])('a row whose time is %s', async (_, time) => {
    const file = await write(
      'rows.gz',
      `{"symbol":"btc/usd","ts":${time},"price":"1.5","size":2,"side":"SELL"}`,
    );
    const { ticks } = await replayWhole([file]);
    expect(ticks.get('BTC-USD')).toMatchObject([
      { time: t, price: 1.5, quantity: 2, side: 'sell', count: 1 },
    ]);
  });

  it('short names, ids and CSV with quotes, empty cells and columns of no concern', async () => {
    const rows = await write(
      'short',
      '{"s":"A","T":1723161600000,"p":1,"q":2,"id":7}\n{"s":"A","T":1723161600000,"p":1,"q":2,"id":8}',
    );
    expect((await replayWhole([rows])).ticks.get('A')?.map(({ id }) => id)).toEqual(['7', '8']);
    const csv = await write(
      'x.ndjson',
      '\ufeffnote,s,time,p,qty,side\r\n"a ""b"", c",A,1723161600,3,4,\r\n\r\n,B,1723161600,3,4,buy',
    );
    const { ticks, summary } = await replayWhole([csv]);
    expect(ticks.get('A')).toMatchObject([{ price: 3, quantity: 4, side: null }]);
    expect(ticks.get('B')).toMatchObject([{ side: 'buy' }]);
    expect(summary.refused).toBe(0);
  });

  it('rows that are not in order of time are put in order', async () => {
    const file = await write(
      'mixed',
      'time,symbol,price,size,id\n1723161602,A,1,1,3\n1723161600,A,1,1,1\n1723161601,A,1,1,2',
    );
    const { ticks, summary } = await replayWhole([file]);
    expect(ticks.get('A')?.map(({ id }) => id)).toEqual(['1', '2', '3']);
    expect(summary.instruments['custom:A']).toMatchObject({ gaps: 0, duplicates: 0 });
  });

  it('rows far out of order are refused, not taken for repetitions', async () => {
    const rows = Array.from(
      { length: 60_000 },
      (_, n) => `${1_723_161_600 + 60_000 - n},A,1,1,${60_000 - n}`,
    );
    const { ticks, summary } = await replayWhole([
      await write('newest-first', `time,symbol,price,size,id\n${rows.join('\n')}`),
    ]);
    expect(summary.refused).toBeGreaterThan(0);
    expect(summary.complaints[0]).toContain('sort the file by time');
    expect((ticks.get('A')?.length ?? 0) + summary.refused).toBe(60_000);
    expect(summary.instruments['custom:A']?.duplicates).toBe(0);
  });

  it('equal values are separate fills, equal names are one', async () => {
    const row = (id: string) => `{"s":"A","T":1723161600000,"p":1,"q":2${id}}\n`;
    const plain = await write('plain', row('').repeat(3));
    expect((await replayWhole([plain])).ticks.get('A')).toHaveLength(3);
    const named = await write('named', row(',"id":"x-1"') + row(',"id":"x-2"') + row(',"id":"x-1"'));
    const { ticks, summary } = await replayWhole([named]);
    expect(ticks.get('A')).toHaveLength(2);
    expect(summary.instruments['custom:A']?.duplicates).toBe(1);
  });
});

describe('lines that cannot be used', () => {
  it('are refused with file, line and reason, and stop nothing', async () => {
    const good = '{"symbol":"A","ts":1723161600000,"price":1,"size":1}';
    const bad = [
      ['{"symbol":"A","ts":1723161600000,"price":-1,"size":1}', 'line 2: -1 is no price'],
      ['{"symbol":"A","ts":1723161600000,"price":1,"size":"NaN"}', 'line 3: "NaN" is no quantity'],
      ['{"symbol":"../etc","ts":1723161600000,"price":1,"size":1}', 'line 4: "../etc" is no symbol'],
      [
        '{"symbol":"A","ts":"2024-02-30T00:00:00Z","price":1,"size":1}',
        'line 5: "2024-02-30T00:00:00Z" is no time',
      ],
      ['{"symbol":"A","ts":17,"price":1,"size":1}', 'line 6: 17 is no time'],
      ['{"symbol":"A","ts":1723161600000,"price":1,"size":1,"side":"up"}', 'line 7: "up" is no side'],
      ['{"symbol":"A","ts":17231', 'line 8: it is no JSON'],
      ['[1,2]', 'line 9: it is no JSON object'],
      ['{"symbol":"A","ts":1723161600000,"price":1e999,"size":1}', 'line 10: null is no price'],
      ['\u0000\u0001', 'line 11: it is no JSON'],
      ['x'.repeat(99), 'line 12'],
    ];
    const file = await write('hostile', [good, ...bad.map(([line]) => line), good].join('\n'));
    const { ticks, summary } = await replayWhole([file]);
    expect(ticks.get('A')).toHaveLength(2);
    expect(summary.refused).toBe(bad.length);
    for (const [index, complaint] of summary.complaints.entries())
      expect(complaint).toContain(`hostile ${bad[index]?.[1]}`);
    expect(summary.complaints).toHaveLength(10);
  });

  it('broken and strange frames are counted apart, and sent frames are no frames', async () => {
    const file = await write(
      'frames',
      `wss://fstream.binance.com/stream <-> 1723161600.1\nwss://fstream.binance.com/stream <- 1723161600.1: {"op":1}\n${frameLines(
        [t, fill(1, t)],
        [t, '{"e":"trade"'],
        [t, { e: 'novelty' }],
      )}what is this\n`,
    );
    const { summary } = await replayWhole([file]);
    expect(summary).toMatchObject({ malformed: 1, unknown: 1, refused: 1 });
    expect(summary.complaints.map((text) => text.slice(0, 13))).toEqual([
      'frames line 4',
      'frames line 5',
      'frames line 6',
    ]);
  });

  it('a line longer than any frame is refused without being kept', async () => {
    const row = '{"symbol":"A","ts":1723161600000,"price":1,"size":1}\n';
    const file = await write(
      'long',
      gzipSync(
        Buffer.concat([Buffer.from(row), Buffer.alloc(longestLine + 1, 'x'), Buffer.from(`\n${row}`)]),
      ),
    );
    const { ticks, summary } = await replayWhole([file]);
    expect(ticks.get('A')).toHaveLength(2);
    expect(summary.complaints).toEqual(['long line 2: it is longer than any row']);
  });

  it('no text whatever makes the reader throw anything but its own sentence', async () => {
    const piece = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom(
        '1723161600 {',
        '1723161600000 [',
        'wss://x <-> 1',
        'time,price',
        JSON.stringify(fill(1, t)),
        '\r',
        '"',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        const file = await write('noise', pieces.join('\n'));
        const failure = await replayWhole([file]).catch((error: Error) => error);
        if (failure instanceof Error) expect(failure.name).toBe('RecordingError');
      }),
      { numRuns: 150 },
    );
  });
});
