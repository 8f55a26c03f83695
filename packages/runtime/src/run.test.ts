import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { child, program } from './child.fixture.ts';

let built: Awaited<ReturnType<typeof program>>;
beforeAll(async () => {
  built = await program(new URL('./run.child.fixture.ts', import.meta.url));
});
afterAll(() => built.remove());

const parse = (output: string) =>
  output
    .trim()
    .split('\n')
    .map(
      (line) => JSON.parse(line) as { level: string; msg: string; part?: string; err?: { message: string } },
    );

describe('running services', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('starts in order and drains in reverse on %s', async (signal) => {
    const running = child(built.file, ['drain']);
    await running.line('all started');
    running.process.kill(signal);
    expect(await running.ended).toBe(0);
    expect(parse(running.output()).map(({ part, msg }) => [part, msg].filter(Boolean).join(' '))).toEqual([
      'ingestor started',
      'resampler started',
      'api started',
      'all started',
      'stopping',
      'api stopped',
      'resampler stopped',
      'ingestor stopped',
      'ports closed',
    ]);
  });

  it('ends at once on a second signal', async () => {
    const running = child(built.file, ['hanging']);
    await running.line('all started');
    running.process.kill('SIGINT');
    await running.line('"stopping"');
    running.process.kill('SIGTERM');
    expect(await running.ended).toBe(128 + 15);
  });

  it('gives up on a service that does not stop in time', async () => {
    const running = child(built.file, ['hanging', '30']);
    await running.line('all started');
    running.process.kill('SIGTERM');
    expect(await running.ended).toBe(1);
    expect(running.output()).toContain('stopping took too long');
  });

  it('stops what has started when told to stop while starting', async () => {
    const running = child(built.file, ['slow']);
    await running.line('ingestor');
    running.process.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    expect(running.output()).not.toContain('all started');
    expect(running.output()).toContain('ports closed');
  });

  it.each([
    ['broken', 'could not start:', 'port 8080 is in use'],
    ['failing', 'ingestor cannot go on:', 'position lost'],
    ['uncaught', 'ended by an error that nobody has caught:', 'JSON'],
    ['unhandled', 'ended by an error that nobody has caught:', 'nobody looks'],
  ])('ends with 1 after one line that says why (%s)', async (scenario, message, reason) => {
    const running = child(built.file, [scenario]);
    expect(await running.ended).toBe(1);
    const fatal = parse(running.output()).filter(({ level }) => level === 'fatal');
    expect(fatal).toHaveLength(1);
    expect(fatal[0]?.msg).toBe(message);
    expect(fatal[0]?.err?.message).toContain(reason);
  });
});
