import { describe, expect, it } from 'vitest';
import { exitCodeOf, lineOf, ok, problem, summaryOf, warning } from './finding.ts';
import {
  judgeAnswer,
  judgeClock,
  judgeInstruments,
  judgeKey,
  judgeNode,
  judgeSpace,
  judgeStream,
} from './judgement.ts';

const megabyte = 1024 * 1024;

describe('what the doctor makes of what it saw', () => {
  it('takes Node from 20.19 on', () => {
    expect(['20.19.0', '22.0.0', '100.1.0'].map((one) => judgeNode(one).outcome)).toEqual(['ok', 'ok', 'ok']);
    expect(['20.18.9', '18.20.0', '9.99.0'].map((one) => judgeNode(one).outcome)).toEqual(
      Array(3).fill('problem'),
    );
  });

  it('warns of a disk that will be full soon, and refuses one that is', () => {
    expect(judgeSpace(50_000 * megabyte)).toMatchObject({ outcome: 'ok', detail: '48 GB free' });
    expect(judgeSpace(500 * megabyte)).toMatchObject({ outcome: 'warning', detail: '500 MB free' });
    expect(judgeSpace(99 * megabyte).outcome).toBe('problem');
  });

  it('measures the clock against the middle of question and answer', () => {
    expect(judgeClock('sim', 1_000_100, 1_000_000, 1_000_200)).toMatchObject({
      outcome: 'ok',
      detail: expect.stringContaining('0 ms ahead'),
    });
    expect(judgeClock('sim', 1_000_000, 1_001_500, 1_001_700)).toMatchObject({
      outcome: 'warning',
      detail: expect.stringContaining('1600 ms ahead'),
    });
    expect(judgeClock('sim', 1_000_000, 997_000, 997_100).detail).toContain('2950 ms behind');
  });

  it('does not blame the clock for what a slow answer may explain', () => {
    expect(judgeClock('sim', 1_000_000, 1_000_000, 1_003_000).outcome).toBe('ok');
  });

  it('says of each refusal of an exchange what can be done', () => {
    expect(judgeAnswer('sim', 200, 12).outcome).toBe('ok');
    for (const [status, mend] of [
      [451, 'another venue'],
      [429, 'wait'],
      [503, 'later'],
      [404, 'address'],
    ] as const) {
      const finding = judgeAnswer('sim', status, 12);
      expect(finding.outcome).toBe('problem');
      expect(finding.mend).toContain(mend);
    }
  });

  it('tells a symbol that does not exist from one that rests', () => {
    const listed = new Map([
      ['BTCUSDT', true],
      ['AAPLUSDT', false],
    ]);
    expect(judgeInstruments('sim', ['BTCUSDT'], listed).outcome).toBe('ok');
    expect(judgeInstruments('sim', ['BTCUSDT', 'AAPLUSDT'], listed).outcome).toBe('warning');
    const missing = judgeInstruments('sim', ['BTCUSDT', 'NOPE', 'AAPLUSDT'], listed);
    expect(missing).toMatchObject({ outcome: 'problem', detail: expect.stringMatching(/NOPE.*AAPLUSDT/) });
  });

  it('misses the API key only where gaps need it', () => {
    expect(judgeKey('aggTrade', false).outcome).toBe('ok');
    expect(judgeKey('trade', true).outcome).toBe('ok');
    expect(judgeKey('trade', false).outcome).toBe('warning');
  });

  it('believes a stream only once a trade has come', () => {
    expect(judgeStream('sim', 'BTCUSDT', { connected: 40, firstTrade: 100 }).outcome).toBe('ok');
    expect(judgeStream('sim', 'BTCUSDT', { reason: 'ECONNREFUSED' }).detail).toContain('ECONNREFUSED');
    expect(judgeStream('sim', 'BTCUSDT', { connected: 40, tradedMeanwhile: true }).outcome).toBe('problem');
    expect(judgeStream('sim', 'BTCUSDT', { connected: 40, tradedMeanwhile: false }).outcome).toBe('warning');
    expect(judgeStream('sim', 'BTCUSDT', { connected: 40 }).outcome).toBe('warning');
    expect(judgeStream('sim', 'BTCUSDT', { connected: 40, reason: 'closed' }).outcome).toBe('problem');
  });
});

describe('the lines of the doctor', () => {
  it('say what, how, and how to mend it, without control characters of strangers', () => {
    const line = lineOf(problem('port', 'port 80 is taken\u001b[2J\nby "x"', 'choose another'));
    expect(line).toBe('  problem  port                     port 80 is taken [2J by "x": choose another');
  });

  it('end in a count, and in a code that only problems turn to 1', () => {
    const findings = [ok('a', ''), warning('b', '', ''), problem('c', '', ''), ok('d', '')];
    expect(summaryOf(findings)).toBe('1 problem, 1 warning, 2 ok.');
    expect(exitCodeOf(findings)).toBe(1);
    expect(exitCodeOf(findings.slice(0, 2))).toBe(0);
  });
});
