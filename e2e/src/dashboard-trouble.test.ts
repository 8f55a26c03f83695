import type { Simulator } from '@tandem/simulator';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { confirmed, hasBrowser, openBrowser, Screen, type Trace } from './browser.ts';
import { type LivelyMarket, livelyMarket } from './lively-market.ts';
import { freePort, type Tandem, until } from './tandem.ts';

const study = 'btc-eth-1s';

describe.skipIf(!hasBrowser)('the dashboard while things break', () => {
  let browser: Browser;
  let screen: Screen;
  let lively: LivelyMarket;
  let exchange: Simulator;
  let tandem: Tandem;

  beforeAll(async () => {
    // The page waits at the address of the process that went away.
    lively = await livelyMarket({ PORT: String(await freePort()) });
    ({ tandem, exchange } = lively);
    browser = await openBrowser();
    screen = await Screen.open(browser);
    await tandem.start();
  });

  afterAll(async () => {
    await browser?.close();
    await lively?.end();
  });

  it('a study without history warms, says how far it is, and turns live', async () => {
    await screen.page.goto(`${tandem.url}/?study=${study}`);
    await screen.row(study, 'warming', 90_000);
    expect(await screen.text('#state')).toMatch(/^warming \d+\/20 bars, ~\d+ s$/);
    await screen.picture('warming');
    await screen.row(study, 'live', 90_000);
    await until('the badge names the venue', async () =>
      /^LIVE\s+trades of binance-usdm/.test(await screen.text('#badge')),
    );
  }, 300_000);

  it('a firing alert names its legs, its rule and when it was', async () => {
    const firing = screen.page.locator('#alert-list li[data-transition="firing"]').first();
    await firing.waitFor({ timeout: 90_000 });
    const words = await firing.innerText();
    expect(words).toMatch(/^\d\d:\d\d:\d\d/);
    expect(words).toMatch(/BTC – ETH 1s firing/);
    expect(words).toMatch(/(SELL spread: sell BTC, buy|BUY spread: buy BTC, sell) .*ETH per BTC/);
    expect(words).toMatch(/\|z\| [\d.]+ >= 1 and returnCorrelation -?[\d.]+ >= /);
    await until('it is marked on the chart', async () =>
      (await screen.traces('z')).some(({ name }) => name === 'alerts'),
    );
  }, 300_000);

  it('a gap that cannot be repaired is a break in the line and a grey column', async () => {
    exchange.faults.rest({ answer: 'status', status: 503 });
    exchange.faults.skip({ stream: 'btcusdt@aggTrade', count: 20 });
    await until('the gap is shaded', async () => (await screen.columns('prices')) > 0, 60_000);
    await until('the line is broken', async () => hasBreak(confirmed(await screen.traces('prices'), 'BTC')));
    expect(await screen.text('#caption-prices')).toContain('missing stretch');
    await screen.picture('gap');
    exchange.faults.clear();
    await screen.row(study, 'live', 90_000);
  }, 300_000);

  it('a process that stops leaves a banner with a countdown, and numbers that are frozen and marked', async () => {
    await tandem.stop();
    const banner = screen.page.locator('#banner');
    await banner.waitFor({ timeout: 60_000 });
    await until('it counts down', async () =>
      /Connection lost at \d\d:\d\d:\d\d UTC\. The numbers below are frozen\. Next attempt in \d+ s\./.test(
        await banner.innerText(),
      ),
    );
    await screen.row(study, 'stale', 90_000);
    expect(await marked(screen)).toEqual({ leaning: 0, style: 'italic' });
    expect(await screen.text('#strip')).not.toMatch(/\b(live|ok)\b/);
    const frozen = (await screen.traces('z')).find(({ name }) => name === 'z');
    await until(
      'the next attempt has failed too',
      async () => /in ([3-9]|1\d) s/.test(await banner.innerText()),
      20_000,
    );
    expect((await screen.traces('z')).find(({ name }) => name === 'z')).toEqual(frozen);
    await screen.picture('stopped');
  }, 300_000);

  it('a process that comes back goes on without a doubled point', async () => {
    const before = confirmed(await screen.traces('z'), 'z').x;
    await tandem.start();
    await screen.page
      .locator('#retry')
      .click({ timeout: 5_000 })
      .catch(() => undefined);
    await screen.page.locator('#banner').waitFor({ state: 'hidden', timeout: 90_000 });
    await screen.row(study, 'live', 90_000);
    await until('new points are drawn', async () => {
      const { x } = confirmed(await screen.traces('z'), 'z');
      return (x.at(-1) ?? 0) > (before.at(-1) ?? 0) + 5_000;
    });
    for (const [chart, name] of [
      ['prices', 'BTC'],
      ['prices', 'ETH'],
      ['spread', 'spread'],
      ['z', 'z'],
      ['correlation', 'of returns'],
    ] as const) {
      const { x } = confirmed(await screen.traces(chart), name);
      expect(x, `${name} in ${chart}`).toEqual([...new Set(x)].sort((a, b) => a - b));
      expect(x.length).toBeGreaterThan(20);
    }
    // Open gaps are asked for at the start and each minute.
    const repaired = async () => (await screen.columns('prices')) === 0;
    await until('the repaired gap is not shaded any more', repaired, 180_000);
    expect(hasBreak(confirmed(await screen.traces('prices'), 'BTC'))).toBe(false);
    await screen.picture('back');
  }, 300_000);

  it('a feed that goes away is shown as down, and nothing is coloured as a signal', async () => {
    await exchange.stop();
    const feed = screen.page.locator('#strip li[data-key="BTC"]');
    await until('the feed is down', async () => (await feed.getAttribute('data-tone')) === 'trouble', 60_000);
    expect(await feed.innerText()).toMatch(/down\s+\d+ s/);
    // The bars of five minutes are not late yet; they are stale because no other can come.
    await screen.row(study, 'stale', 90_000);
    expect(await screen.text('#state')).toMatch(/^stale \(\d+ s\), BTC feed down$/);
    const live = screen.page.locator('#studies tr:is([data-state="live"], [data-state="warming"])');
    await until('no study is called live', async () => (await live.count()) === 0);
    expect(await marked(screen)).toEqual({ leaning: 0, style: 'italic' });
    const age = () => screen.text(`#studies tr[data-key="${study}"] td.age`);
    const first = await age();
    await until('its age grows', async () => (await age()) !== first);
    await screen.picture('feed-down');
  }, 300_000);

  it('nothing went wrong in the page meanwhile', () => {
    expect(screen.elsewhere()).toEqual([]);
    expect(screen.faults).toEqual([]);
  });
});

/** How many studies are coloured as a signal, and how the chosen study's numbers are set. */
async function marked({ page }: Screen): Promise<{ leaning: number; style: string }> {
  return {
    leaning: await page
      .locator(':is(#studies tr, #signal):is([data-lean="short"], [data-lean="long"])')
      .count(),
    style: await page.evaluate<string>(
      `getComputedStyle(document.querySelector('#numbers .value')).fontStyle`,
    ),
  };
}

function hasBreak({ y }: Trace): boolean {
  const first = y.findIndex((value) => value !== null);
  return y.slice(first).includes(null) && y.at(-1) !== null;
}
