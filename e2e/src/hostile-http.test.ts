import { request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { scratch, Tandem, until } from './tandem.ts';

describe('the running Tandem, asked by strangers', () => {
  let directory: Awaited<ReturnType<typeof scratch>>;
  let tandem: Tandem;

  beforeAll(async () => {
    directory = await scratch();
    tandem = new Tandem({ DATA: directory.path, FEED: 'sim', PORT: '0', LOG_LEVEL: 'warn' });
    await tandem.start();
  });
  afterAll(async () => {
    await tandem.stop();
    await directory.remove();
  });

  /** The path as it stands, without what a client would tidy up. */
  function ask(path: string, headers: Record<string, string> = {}, method = 'GET') {
    return new Promise<{ status: number; body: string }>((resolve, reject) => {
      const { hostname, port } = new URL(tandem.url);
      const sent = request({ hostname, port, path, headers, method }, (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      });
      sent.once('error', reject);
      sent.end();
    });
  }

  /** What a refusal must be: one sentence and an id, nothing of the inside. */
  function expectSentence(body: string) {
    const answer = JSON.parse(body) as { error: string; id: string };
    expect(answer.error).toMatch(/^[A-Z].*\.$/);
    expect(body).not.toMatch(/node_modules|\.ts|\.js:|SELECT|stack/);
  }

  it('serves no file from outside the dashboard', async () => {
    for (const path of [
      '/../../../../etc/passwd',
      '/..%2f..%2fpackage.json',
      '/%2e%2e/%2e%2e/package.json',
      '/....//....//etc/passwd',
      '/%2fetc%2fpasswd',
      '/..%5c..%5cpackage.json',
      '/%00',
      '/%',
      '/.git/config',
      '/tandem.duckdb',
      '/api/v1/__proto__',
    ]) {
      const { status, body } = await ask(path);
      expect([400, 404], path).toContain(status);
      expectSentence(body);
    }
  });

  it('refuses parameters that mean nothing, by name', async () => {
    const bars = '/api/v1/bars?instrument=sim:BTCUSDT&interval=1s';
    for (const [path, named] of [
      [`${bars}&limit=-1`, 'limit'],
      [`${bars}&limit=0`, 'limit'],
      [`${bars}&limit=NaN`, 'limit'],
      [`${bars}&limit=1e3`, 'limit'],
      [`${bars}&limit=999999999999999999999`, 'limit'],
      [`${bars}&limit=5&limit=6`, 'limit'],
      [`${bars}&from=Infinity`, 'from'],
      [`${bars}&to=-5`, 'to'],
      [`${bars}&colour=red`, 'colour'],
      ["/api/v1/bars?instrument=sim:BTCUSDT'%3BDROP%20TABLE%20bars--", 'instrument'],
      ["/api/v1/bars?instrument=sim:A'%20OR%20'1'='1", 'instrument'],
      ["/api/v1/analytics?study=x'%20OR%201=1--", 'study'],
      ['/api/v1/analytics?study=../../etc', 'study'],
      ['/api/v1/export/ticks?instrument=sim:../../x&format=csv', 'instrument'],
      ['/api/v1/export/ticks?instrument=sim:BTCUSDT&format=exe', 'format'],
    ] as const) {
      const { status, body } = await ask(path);
      expect(status, path).toBe(400);
      expectSentence(body);
      expect(body).toContain(named);
    }
    expect((await ask(`${bars}&limit=1`)).status).toBe(200);
  });

  it('answers only under its own names, and takes no order from another page', async () => {
    for (const host of [
      'evil.example',
      'evil.example:8080',
      '127.0.0.1.evil.example',
      'localhost@evil.example',
    ]) {
      const { status, body } = await ask('/api/v1/status', { host });
      expect(status, host).toBe(403);
      expectSentence(body);
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const { status } = await ask('/api/v1/status', {}, method);
      expect(status, method).toBe(404);
    }
    for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1.evil.example', 'file://']) {
      expect(await handshake({ origin }), origin).toBe(403);
      expect((await ask('/api/v1/status', { origin }, 'POST')).status).toBe(403);
    }
    expect(await handshake({ origin: tandem.url })).toBe(101);
    expect(await handshake({})).toBe(101);
  });

  it('goes on after bytes that are no HTTP, headers without end and frames that are no messages', async () => {
    await spoken('garbage\r\n\r\n');
    await spoken(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`);
    await spoken('POST /api/v1/status HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\n{');
    for (const message of [
      '{',
      '[]',
      'null',
      '{"type":"subscribe","topics":["ticks.>"]}',
      'x'.repeat(2_000_000),
    ]) {
      const socket = new WebSocket(`${tandem.url.replace('http', 'ws')}/api/v1/stream`);
      await new Promise((resolve) => socket.once('open', resolve));
      const answered = new Promise((resolve) => {
        socket.once('close', resolve);
        socket.once('error', resolve);
        socket.on('message', resolve);
      });
      socket.send(message);
      await answered;
      socket.terminate();
    }
    // A process that has only just begun says of a part that it has not started yet.
    await until('no part is down', async () => {
      const { services } = await tandem.get<{ services: Record<string, { state: string }> }>('/status');
      return Object.values(services).every(({ state }) => state !== 'down');
    });
    expect((await ask('/health/live')).status).toBe(200);
    expect(tandem.output).not.toMatch(/fatal|^\s+at /m);
  });

  /** The status with which a WebSocket is let in or not. */
  function handshake(headers: Record<string, string>): Promise<number> {
    return new Promise((resolve) => {
      const socket = new WebSocket(`${tandem.url.replace('http', 'ws')}/api/v1/stream`, { headers });
      socket.on('error', () => {});
      socket.once('open', () => {
        socket.terminate();
        resolve(101);
      });
      socket.once('unexpected-response', (sent, response) => {
        sent.destroy();
        resolve(response.statusCode ?? 0);
      });
    });
  }

  /** Sends raw bytes and resolves when the server has answered or hung up. */
  function spoken(bytes: string): Promise<void> {
    return new Promise((resolve) => {
      const { hostname, port } = new URL(tandem.url);
      const socket = connect(Number(port), hostname, () => socket.write(bytes));
      const end = () => {
        socket.destroy();
        resolve();
      };
      socket.once('data', end);
      socket.once('close', end);
      socket.once('error', end);
    });
  }
});
