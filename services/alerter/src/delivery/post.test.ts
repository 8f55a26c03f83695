import type { LookupAddress } from 'node:dns';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { resolvedFault } from './endpoint-url.ts';
import { type Lookup, systemLookup } from './lookup.ts';
import { type Poster, type PostLimits, poster } from './post.ts';
import { type Behaviour, type Receiver, receiver } from './receiver.fixture.ts';

const receivers: Receiver[] = [];
const posters: Poster[] = [];
const never = new AbortController().signal;
const until = (check: () => void) => vi.waitFor(check, { timeout: 60_000, interval: 10 });

async function listening(...script: Behaviour[]): Promise<Receiver> {
  const made = await receiver(...script);
  receivers.push(made);
  return made;
}

function posting(limits: Partial<PostLimits> = {}) {
  const made = poster({ allowPrivate: true, timeout: 5_000, ...limits });
  posters.push(made);
  return (url: string, signal = never, headers = {}) => made.post(url, '{"a":1}', headers, signal);
}

afterEach(async () => {
  for (const one of posters.splice(0)) one.close();
  for (const one of receivers.splice(0)) await one.stop();
});

describe('posting to a receiver', () => {
  it('hands over body and headers, and says the status', async () => {
    const desk = await listening(204);
    const answer = await posting()(desk.url, never, { 'webhook-id': 'x' });
    expect(answer).toEqual({ status: 204, text: 'status 204', retryAfter: undefined });
    expect(desk.heard).toMatchObject([
      { path: '/hook', body: '{"a":1}', headers: { 'webhook-id': 'x', 'content-type': 'application/json' } },
    ]);
  });

  it('a refusal is an answer with its status, its reason, and when to ask again', async () => {
    const desk = await listening(
      500,
      { status: 400, body: 'invalid_blocks\r\n\u202Eevil\u0000' },
      { status: 429, headers: { 'retry-after': '7' } },
    );
    const post = posting();
    expect((await post(desk.url)).text).toBe('status 500');
    expect((await post(desk.url)).text).toBe('status 400: invalid_blocks evil');
    expect(await post(desk.url)).toEqual({ status: 429, text: 'status 429', retryAfter: '7' });
  });

  it('keeps little of a long reason', async () => {
    const desk = await listening({ status: 400, body: 'é'.repeat(100_000) });
    expect((await posting()(desk.url)).text.length).toBeLessThan(250);
  });

  it('does not follow a redirect, which could lead anywhere', async () => {
    const elsewhere = await listening(200);
    const desk = await listening({ status: 307, headers: { location: elsewhere.url } });
    const answer = await posting()(desk.url);
    expect(answer.text).toBe('status 307: redirects are not followed');
    expect(elsewhere.heard).toEqual([]);
  });

  it('a status is an answer, whatever the body does: reads no more of one without end than it must', async () => {
    const desk = await listening('endless');
    expect(await posting()(desk.url)).toMatchObject({ status: 200 });
    // What was cut off is no connection to go on with.
    desk.script = [200];
    expect(await posting()(desk.url)).toMatchObject({ status: 200 });
    expect(new Set(desk.heard.map(({ port }) => port)).size).toBe(2);
  });

  it('does not wait for a body that does not come', async () => {
    const desk = await listening('stalled');
    expect(await posting({ timeout: 3_000 })(desk.url)).toMatchObject({ status: 200, text: 'status 200' });
  });

  it('gives up on a receiver that never answers', async () => {
    const desk = await listening('hang');
    expect(await posting({ timeout: 50 })(desk.url)).toMatchObject({
      status: null,
      text: 'no answer within 50 ms',
    });
  });

  it('says why there is no connection', async () => {
    const desk = await listening(200);
    await desk.down();
    const answer = await posting()(desk.url);
    expect(answer.status).toBeNull();
    expect(answer.text).toContain('ECONNREFUSED');
  });

  it('goes on with the connection that it has, and makes another when the receiver has closed it', async () => {
    const desk = await listening(200);
    const post = posting();
    for (let i = 0; i < 3; i++) expect(await post(desk.url)).toMatchObject({ status: 200 });
    expect(new Set(desk.heard.map(({ port }) => port)).size).toBe(1);
    await desk.down();
    await desk.up();
    expect(await post(desk.url)).toMatchObject({ status: 200 });
  });

  it('says user and password of a URL as Basic, and nowhere else', async () => {
    const desk = await listening(200);
    await posting()(`http://us%40er:p%3Aw@127.0.0.1:${desk.port}/x`);
    expect(desk.heard[0]?.headers.authorization).toBe(`Basic ${btoa('us@er:p:w')}`);
    expect(desk.heard[0]?.path).toBe('/x');
  });

  it('a password that no one can decode is no reason to fail otherwise than by an answer', async () => {
    const desk = await listening(200);
    const { status, text } = await posting()(`http://desk:50%25%@127.0.0.1:${desk.port}/x`);
    expect([status, text]).toEqual([null, expect.stringContaining('a % that encodes nothing')]);
    expect(desk.heard).toEqual([]);
  });

  it('stops at once when the alerter stops', async () => {
    const desk = await listening('hang');
    const stop = new AbortController();
    const answer = posting()(desk.url, stop.signal);
    await until(() => expect(desk.heard).toHaveLength(1));
    stop.abort();
    expect((await answer).text).toContain('interrupted');
  });
});

describe('names and addresses', () => {
  it('a name that resolves to this machine is refused when it resolves', async () => {
    const desk = await listening(200);
    const url = `http://localhost:${desk.port}/`;
    expect((await posting({ allowPrivate: false })(url)).text).toContain('private or reserved address');
    expect(desk.heard).toEqual([]);
    expect(await posting()(url)).toMatchObject({ status: 200 });
  });

  it('a name is refused if any of its addresses is private', async () => {
    const lookup: Lookup = async () => [address('93.184.216.34'), address('127.0.0.1')];
    const desk = await listening(200);
    const answer = await posting({ allowPrivate: false, lookup })(`http://mixed.test:${desk.port}/`);
    expect(answer.text).toContain('mixed.test is at the private or reserved address 127.0.0.1');
    expect(desk.heard).toEqual([]);
  });

  it('a name that pointed elsewhere when the endpoint was written is refused when it is connected to (DNS rebinding)', async () => {
    const desk = await listening(200);
    const answers = ['93.184.216.34', '127.0.0.1'];
    const lookup: Lookup = async () => [address(answers.shift() ?? '127.0.0.1')];
    const url = `http://rebinding.test:${desk.port}/`;
    expect(await resolvedFault(url, false, lookup)).toBeUndefined();
    expect((await posting({ allowPrivate: false, lookup })(url)).text).toContain(
      'rebinding.test is at the private or reserved address 127.0.0.1',
    );
    expect(desk.heard).toEqual([]);
    expect(await resolvedFault(url, false, lookup)).toContain('private or reserved address 127.0.0.1');
  });

  it('the address that was checked is the one that is connected to: a name is asked for once', async () => {
    const desk = await listening(200);
    let asked = 0;
    const lookup: Lookup = async () => {
      asked += 1;
      return [address('127.0.0.1')];
    };
    const post = posting({ lookup });
    expect(await post(`http://desk.test:${desk.port}/`)).toMatchObject({ status: 200 });
    expect(asked).toBe(1);
    expect(desk.heard[0]?.headers.host).toBe(`desk.test:${desk.port}`);
  });

  it.each(['http://127.0.0.1:1/', 'http://[::ffff:127.0.0.1]:1/', 'http://[64:ff9b::7f00:1]:1/'])(
    '%s is not even connected to',
    async (url) => {
      expect((await posting({ allowPrivate: false })(url)).text).toContain('the endpoint points at');
    },
  );

  it('a name that is being resolved is not asked for twice, and few are asked for at once', async () => {
    const open: (() => void)[] = [];
    const lookup = systemLookup(
      () => new Promise((resolve) => open.push(() => resolve([address('93.184.216.34')]))),
    );
    const all = ['a', 'a', 'b', 'c', 'a'].map((name) => lookup(name));
    await Promise.resolve();
    expect(open).toHaveLength(2);
    open[0]?.();
    await all[0];
    await until(() => expect(open).toHaveLength(3));
    for (const answer of open) answer();
    expect((await Promise.all(all)).flat()).toHaveLength(5);
    // What was known is asked for again later.
    void lookup('a');
    await until(() => expect(open).toHaveLength(4));
  });
});

function address(text: string): LookupAddress {
  return { address: text, family: 4 };
}
