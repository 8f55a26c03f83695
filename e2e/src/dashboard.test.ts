import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Analytics } from '@tandem/common';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confirmed, hasBrowser, openBrowser, Screen } from './browser.ts';
import { scratch, Tandem, until } from './tandem.ts';

const built = fileURLToPath(new URL('../../dashboard/dist/index.html', import.meta.url));

/** Remembers when the numbers were painted: a paint changes them in one go. */
const countPaints = `(() => {
  window.paints = [];
  const watched = { childList: true, characterData: true, attributes: true, subtree: true };
  const observer = new MutationObserver(() => window.paints.push(performance.now()));
  for (const id of ['strip', 'studies', 'numbers']) observer.observe(document.getElementById(id), watched);
})()`;

describe.skipIf(!hasBrowser)('the dashboard of a first start with the simulated feed', () => {
  let browser: Browser;
  let screen: Screen;
  let tandem: Tandem;
  let directory: Awaited<ReturnType<typeof scratch>>;

  beforeAll(async () => {
    if (!existsSync(built)) throw new Error('The dashboard is not built: run "npm run build".');
    directory = await scratch();
    tandem = new Tandem({ FEED: 'sim', DATA: directory.path, PORT: '0', LOG_LEVEL: 'warn' });
    browser = await openBrowser();
    screen = await Screen.open(browser);
    await tandem.start();
  });

  afterAll(async () => {
    await browser?.close();
    await tandem?.stop();
    await directory?.remove();
  });

  it('has a study live soon after the first look at an empty directory', async () => {
    await screen.page.goto(`${tandem.url}/?study=btc-eth-1s`);
    await screen.row('btc-eth-1s', 'live', 90_000);
    await screen.page.locator('#chart-z .scatterlayer path').first().waitFor();
    await screen.picture('live');
  });

  it('cannot be mistaken for a market', async () => {
    expect(await screen.text('#badge')).toMatch(/^SIMULATED\s+invented prices, no market/);
    expect(await screen.text('#clock')).toMatch(/^\d\d:\d\d:\d\d UTC$/);
  });

  it('shows its layout, the state of its connection and what is missing before any word of the server', async () => {
    const alone = await Screen.open(browser);
    await alone.page.route('**/api/**', (route) => route.abort());
    await alone.page.routeWebSocket(/stream/, (socket) => socket.close());
    await alone.page.goto(tandem.url);
    expect(await alone.page.locator('#strip li').allInnerTexts()).toHaveLength(6);
    expect(await alone.page.locator('#numbers dt').count()).toBe(9);
    await until('it says what it waits for', async () => /Waiting for/.test(await alone.text('#missing')));
    expect(await alone.text('#badge')).toContain('NOT CONNECTED');
    await alone.picture('nothing-known');
    await alone.page.close();
  });

  it('keeps nothing of a study that the server does not have any more, and shows another though a search hides it', async () => {
    const known = await Screen.open(browser);
    let studies: (all: { id: string }[]) => { id: string }[] = (all) => all;
    await known.page.route('**/api/v1/status', async (route) => {
      const answer = await route.fetch();
      const status = (await answer.json()) as { studies: { id: string }[] };
      await route.fulfill({ json: { ...status, studies: studies(status.studies) } });
    });
    await known.page.goto(`${tandem.url}/?study=btc-eth-1s`);
    await known.row('btc-eth-1s', 'live', 90_000);
    await known.page.locator('#chart-z .scatterlayer path').first().waitFor();
    await known.page.fill('#search', 'btc-eth-1s');
    studies = (all) => all.filter(({ id }) => id !== 'btc-eth-1s');
    await until('another takes its place', async () => !known.page.url().includes('btc-eth-1s'));
    studies = () => [];
    await until('nothing is called live', async () => (await known.text('#state')) === 'off');
    expect(await known.text('#signal')).toBe('No signal: nothing is known yet');
    expect(await known.page.locator('#chart-z').isVisible()).toBe(false);
    expect(known.faults).toEqual([]);
    await known.page.close();
  });

  it('has no hole in its charts, however late the server hears what the page wants to follow', async () => {
    const late = await Screen.open(browser);
    await late.page.routeWebSocket(/stream/, (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((message) => void setTimeout(() => server.send(message), 4_000));
    });
    await late.page.goto(`${tandem.url}/?study=btc-eth-1s`);
    await late.row('btc-eth-1s', 'live', 90_000);
    await until('bars are drawn as they close', async () => {
      const { x } = confirmed(await late.traces('prices'), 'BTC');
      return x.length > 0 && Date.now() - (x.at(-1) ?? 0) < 3_000;
    });
    for (const name of ['BTC', 'ETH'])
      expect(confirmed(await late.traces('prices'), name).y, name).not.toContain(null);
    const { x } = confirmed(await late.traces('z'), 'z');
    expect(x).toEqual(x.map((_, index) => (x[0] ?? 0) + index * 1_000));
    expect(await late.columns('prices')).toBe(0);
    await late.page.close();
  });

  it('says the same as the api: in the table, in the numbers and in the chart', async () => {
    await screen.page.locator('#studies tr[data-key="btc-eth-1m"]').click();
    await screen.row('btc-eth-1m', 'live', 90_000);
    // A minute may end between the two looks.
    await until('page and api agree', async () => {
      const answer = await tandem.get<{ rows: Analytics[] }>('/analytics?study=btc-eth-1m&limit=1');
      const z = answer.rows[0]?.z?.toFixed(2).replace('-', '−');
      const line = await screen.traces('z');
      const drawn = line.length === 0 ? undefined : confirmed(line, 'z').y.at(-1);
      const table = await screen.text('#studies tr[data-key="btc-eth-1m"] td.z');
      const number = await screen.text('#numbers .value');
      return z !== undefined && table === z && number === z && drawn === answer.rows[0]?.z;
    });
  });

  it('tests the chosen study on request, and closes the tests with Esc', async () => {
    await screen.page.locator('#test-button').click();
    const tests = screen.page.locator('#tests');
    await until(
      'the tests are computed',
      async () => /bars.* UTC$/.test(await screen.text('#tests-state')),
      90_000,
    );
    for (const words of [
      'Engle–Granger, BTC on ETH',
      'ADF, uncorrected',
      'Theil–Sen',
      "Bertram's thresholds",
    ])
      expect(await tests.innerText()).toContain(words);
    expect(await tests.locator('.fault').count()).toBe(0);
    await screen.picture('tests');
    await screen.page.keyboard.press('Escape');
    await until('they are closed', () => tests.isHidden());
  });

  it('says of a number what it is, from which bars and by which call', async () => {
    await screen.page.locator('#numbers').getByRole('button', { name: 'Half-life' }).click();
    expect(await screen.text('#definition')).toMatch(/Window: 240 bars .*\n.*\nAPI: GET .*btc-eth-1m/s);
    await screen.page.locator('#numbers').getByRole('button', { name: 'Half-life' }).click();
  });

  it('keeps the chosen study through a reload, and the back button takes back the choice', async () => {
    await screen.page.locator('#studies tr[data-key="sol-eth-1s"]').click();
    expect(new URL(screen.page.url()).searchParams.get('study')).toBe('sol-eth-1s');
    await screen.page.reload();
    await until('the study is shown again', async () => (await screen.text('#title')) === 'SOL – ETH');
    expect(await screen.page.locator('#studies tr[aria-current="true"]').getAttribute('data-key')).toBe(
      'sol-eth-1s',
    );
    await screen.page.goBack();
    await until('the study before is shown', async () => (await screen.text('#title')) === 'BTC – ETH');
  });

  it('is worked by the keyboard', async () => {
    await screen.page.keyboard.press('3');
    await until('five-minute studies are listed', () => screen.page.url().includes('interval=5m'));
    await screen.page.keyboard.press('/');
    await screen.page.keyboard.type('nothing like this');
    await until('none is found', async () => (await screen.text('#studies-note')).includes('Esc'));
    await screen.page.keyboard.press('Escape');
    await until('all are back', async () => (await screen.page.locator('#studies tr').count()) === 3);
  });

  it('fits a telephone, in the dark too', async () => {
    await screen.page.setViewportSize({ width: 375, height: 800 });
    await screen.page.emulateMedia({ colorScheme: 'dark' });
    const wide = () => screen.page.evaluate<number>('document.documentElement.scrollWidth');
    await until('nothing hangs over the edge', async () => (await wide()) <= 375);
    await screen.picture('telephone');
    await screen.page.setViewportSize({ width: 1400, height: 900 });
    await screen.page.emulateMedia({ colorScheme: 'light' });
  });

  it('paints at most four times a second, and its heap does not grow with the paints', async () => {
    const session = await screen.page.context().newCDPSession(screen.page);
    const heap = async () => {
      await session.send('HeapProfiler.collectGarbage');
      return (await session.send('Runtime.getHeapUsage')).usedSize / 2 ** 20;
    };
    const paints = () => screen.page.evaluate<number[]>('window.paints');
    await screen.page.goto(`${tandem.url}/?study=btc-eth-1s`);
    await screen.row('btc-eth-1s', 'live', 90_000);
    await screen.page.evaluate(countPaints);
    await until('it has been drawn for a while', async () => (await paints()).length >= 20);
    const before = await heap();
    await until('a hundred paints more', async () => (await paints()).length >= 120, 60_000);
    expect((await heap()) - before).toBeLessThan(8);
    const times = await paints();
    const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000;
    expect(times.length).toBeLessThanOrEqual(4 * seconds + 2);
  }, 300_000);

  it('loads nothing from elsewhere, and nothing went wrong in it', () => {
    expect(screen.asked.length).toBeGreaterThan(10);
    expect(screen.elsewhere()).toEqual([]);
    expect(screen.faults).toEqual([]);
  });
});
