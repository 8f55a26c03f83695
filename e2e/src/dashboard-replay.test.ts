import { type ChildProcess, spawn } from 'node:child_process';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, openBrowser, Screen } from './browser.ts';
import { hasReference, usdm } from './reference.ts';
import { bin, until } from './tandem.ts';

describe.skipIf(!hasBrowser || !hasReference)('the dashboard of a replay', () => {
  let browser: Browser;
  let child: ChildProcess;
  let url = '';

  beforeAll(async () => {
    const given = ['replay', '--serve', '--port', '0', '--window', '20', ...usdm.files];
    child = spawn(process.execPath, [bin, ...given], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const output of [child.stdout, child.stderr]) {
      output?.on('data', (chunk: Buffer) => {
        said += chunk;
      });
    }
    await until(
      'the replay has ended',
      () => said.includes('The replay has ended') || child.exitCode !== null,
    );
    url = /Dashboard: (http:\/\/\S+)/.exec(said)?.[1] ?? '';
    browser = await openBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.kill('SIGINT')) await ended;
  });

  it('says that it is one, and at which recorded time', async () => {
    const screen = await Screen.open(browser);
    await screen.page.goto(`${url}/?study=btc-eth-1s`);
    await until('the recorded time is shown', async () =>
      /^REPLAY\s+.*at 2024-08-09 00:00:00 UTC/.test(await screen.text('#badge')),
    );
    expect(await screen.text('#strip li')).toMatch(/BTC\s+recorded/);
    await until('the recorded market is drawn', async () => (await screen.traces('z')).length > 0);
    await screen.picture('replay');
    expect(screen.elsewhere()).toEqual([]);
    expect(screen.faults).toEqual([]);
  });
});
