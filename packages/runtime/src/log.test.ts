import { describe, expect, it } from 'vitest';
import { createLog, type LogOptions } from './log.ts';

function lines(options: LogOptions, use: (log: ReturnType<typeof createLog>) => void): string[] {
  const written: string[] = [];
  use(createLog({ ...options, write: (line) => written.push(line) }));
  return written;
}

describe('the log', () => {
  it('writes one line of JSON per event, with the level by name and the time in UTC', () => {
    const [line] = lines({}, (log) => log.child({ service: 'ingestor' }).warn({ venue: 'sim' }, 'feed down'));
    expect(JSON.parse(line ?? '')).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      service: 'ingestor',
      venue: 'sim',
      msg: 'feed down',
    });
  });

  it('leaves out what is below its level', () => {
    expect(lines({ level: 'warn' }, (log) => log.info('no'))).toEqual([]);
    expect(lines({ level: 'debug' }, (log) => log.debug('yes'))).toHaveLength(1);
  });

  it.each(['json', 'pretty'] as const)('never shows a secret (%s)', (format) => {
    const written = lines({ format }, (log) => {
      const configuration = { binanceApiKey: 'KEY', webhooks: ['https://hooks.example/KEY'] };
      log.info({ configuration, secret: 'KEY', endpoint: { url: 'x', secret: 'KEY' } }, 'started');
      log.info({ request: { headers: { authorization: 'Bearer KEY' } } }, 'asked');
    });
    expect(written.join()).not.toContain('KEY');
    expect(written.join()).toContain('[secret]');
  });

  it('writes a line for people when asked: time, level, who, what, and the reason of an error', () => {
    const [line] = lines({ format: 'pretty' }, (log) =>
      log.child({ service: 'alerter' }).error({ err: new Error('refused'), attempts: 3 }, 'not delivered:'),
    );
    expect(line).toMatch(/^[\d:.]{12} error alerter: not delivered: refused attempts=3\n$/);
  });

  it('does not let a message from outside forge a line or reach the terminal', () => {
    const [line] = lines({ format: 'pretty' }, (log) => log.info({ answer: 'a\u001b[2J\nfatal' }, 'answer'));
    expect(line).toMatch(/answer=a\\u001b\[2J\\nfatal\n$/);
  });
});
