import { natsServer } from '@tandem/backends';
import { connect } from 'nats';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bus } from './bus.ts';
import { natsBus } from './nats.ts';

const server = await natsServer({
  configuration: 'authorization { user: "tan:dem", password: "p@ss/word" }',
});
const url = server?.url.replace('nats://', 'nats://tan%3Adem:p%40ss%2Fword@') ?? '';
if (server !== undefined) afterAll(() => server.stop());

describe.skipIf(server === undefined)('requests between processes on NATS', () => {
  let asking: Bus;
  let serving: Bus;
  beforeEach(async () => {
    [asking, serving] = await Promise.all([natsBus(url), natsBus(url)]);
  });
  afterEach(() => Promise.all([asking.close(), serving.close()]));

  it('have answers of any length up to 64 MiB', async () => {
    for (const length of [0, 1_000, 524_285, 524_286, 524_287, 3_000_000]) {
      const answer = Array.from({ length: 1 }, () => 'ä'.repeat(length / 2));
      const served = serving.serve('rpc.api.rows', async () => answer);
      await serving.last('bars.1m.sim.AAA');
      expect(await asking.request('rpc.api.rows', null, 20_000)).toEqual(answer);
      served.stop();
      await serving.last('bars.1m.sim.AAA');
    }
    serving.serve('rpc.api.endless', async () => 'x'.repeat(70_000_000));
    await serving.last('bars.1m.sim.AAA');
    await expect(asking.request('rpc.api.endless', null, 20_000)).rejects.toThrow(
      'the answer has 70000002 bytes, more than 67108864: ask for less',
    );
  });

  it('are shared among those who serve, each answered once', async () => {
    const counts = [0, 0];
    asking.serve('rpc.api.count', async () => ++(counts as [number, number])[0]);
    serving.serve('rpc.api.count', async () => ++(counts as [number, number])[1]);
    await serving.last('bars.1m.sim.AAA');
    await Promise.all(Array.from({ length: 60 }, () => asking.request('rpc.api.count', null, 5_000)));
    expect((counts[0] ?? 0) + (counts[1] ?? 0)).toBe(60);
    expect(Math.min(...counts)).toBeGreaterThan(0);
  });

  it('can be made by any NATS client, and one that is no JSON is answered with why', async () => {
    serving.serve('rpc.api.echo', async (data) => ({ got: data }));
    await serving.last('bars.1m.sim.AAA');
    const client = await connect({
      servers: server?.url.replace('nats://', '') ?? '',
      user: 'tan:dem',
      pass: 'p@ss/word',
    });
    expect((await client.request('rpc.api.echo', '[1]')).json()).toEqual({ got: [1] });
    expect((await client.request('rpc.api.echo')).json()).toEqual({});
    const refused = await client.request('rpc.api.echo', '{half');
    expect([refused.headers?.get('Tandem-Error'), refused.string()]).toEqual([
      'true',
      'what came is not JSON',
    ]);
    await client.close();
  });

  it('and messages are refused in a sentence if they are longer than the server takes', async () => {
    const long = 'x'.repeat(2 ** 20);
    await expect(asking.publish('bars.1m.sim.AAA', long)).rejects.toThrow(
      'a message on "bars.1m.sim.AAA" is refused: it has 1048578 bytes, the server takes 1048064; send it in pieces',
    );
    await expect(asking.publish('live.a-b-1m', long)).rejects.toThrow(/is refused: it has 1048578 bytes/);
    await expect(asking.request('rpc.api.rows', long, 1_000)).rejects.toThrow(/is refused: it has 1048578/);
    // And the connection has not suffered.
    await asking.publish('bars.1m.sim.AAA', 'x'.repeat(1_048_000));
    expect(await asking.last('bars.1m.sim.AAA')).toMatchObject({ data: 'x'.repeat(1_048_000) });
  });

  it('need the right password, which no error shows', async () => {
    const stopping = new AbortController();
    const reasons: string[] = [];
    const wrong = natsBus(url.replace('p%40ss', 'secret'), {
      signal: stopping.signal,
      onState: (_, reason) => {
        reasons.push(reason);
        stopping.abort();
      },
    });
    await expect(wrong).rejects.toThrow(/abort/);
    expect(reasons.join()).toMatch(/^no connection to nats:\/\/[\w.-]+:\d+: .*Authorization Violation/);
    expect(reasons.join()).not.toContain('secret');
  });
});
