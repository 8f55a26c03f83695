import { createHmac } from 'node:crypto';
import type { Delivery } from '@tandem/common';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, openBrowser, Screen } from './browser.ts';
import { type LivelyMarket, livelyMarket } from './lively-market.ts';
import { type Tandem, until } from './tandem.ts';
import { type Heard, type WebhookReceiver, webhookReceiver } from './webhook-receivers.ts';

describe.skipIf(!hasBrowser)('the page of webhooks', () => {
  let browser: Browser;
  let screen: Screen;
  let lively: LivelyMarket;
  let tandem: Tandem;
  let well: WebhookReceiver;
  let failing: WebhookReceiver;
  const at = (selector: string) => screen.page.locator(`#webhooks ${selector}`);
  const endpoint = (id: string) => at(`#webhooks-endpoint-rows tr[data-key="${id}"]`);
  const below = (id: string) => at(`#webhooks-endpoint-rows tr[data-key="${id} below"]`);
  const heardOf = (id: string) => well.heard.filter((one) => one.id === id).length;
  const button = (place: Locator, name: string) => place.getByRole('button', { name });

  beforeAll(async () => {
    well = await webhookReceiver('well');
    failing = await webhookReceiver('failing');
    lively = await livelyMarket({ WEBHOOK_PRIVATE: 'true' });
    tandem = lively.tandem;
    browser = await openBrowser();
    screen = await Screen.open(browser);
    await tandem.start();
    await screen.page.goto(`${tandem.url}/?view=webhooks`);
  });

  afterAll(async () => {
    await browser?.close();
    await lively?.end();
    await well?.stop();
    await failing?.stop();
  });

  it('says that nobody is told yet, and what to do about it', async () => {
    const note = at('#webhooks-endpoints-note');
    await until('it has asked', async () => /Make a new endpoint/.test(await note.innerText()));
    const deliveries = at('#webhooks-deliveries-note');
    await until('deliveries too', async () =>
      (await deliveries.innerText()).includes('Nothing was sent yet'),
    );
    await screen.picture('webhooks-empty');
  });

  it('says by the field what is wrong, and loses nothing that was typed while the page renews itself', async () => {
    await at('#webhooks-new').click();
    await at('#webhooks-id').fill('The Desk');
    await at('#webhooks-url').fill(well.url);
    await at('#webhooks-save').click();
    await until('the id is refused', async () =>
      (await at('#webhooks-id-fault').innerText()).includes('An endpoint id is a slug'),
    );
    await until('it has the focus', async () => (await focused(screen)) === 'webhooks-id');
    await at('#webhooks-id').fill('desk');
    await at('#webhooks-name').pressSequentially('The desk', { delay: 20 });
    const asked = () => screen.asked.filter((url) => url.endsWith('/api/v1/endpoints')).length;
    const before = asked();
    await until('it was renewed twice', () => asked() >= before + 2);
    expect(await at('#webhooks-name').inputValue()).toBe('The desk');
    expect(await focused(screen)).toBe('webhooks-name');
    await at('#webhooks-url').fill('ftp://example.com/');
    await at('#webhooks-save').click();
    await until('the server refuses it', async () =>
      /has the scheme ftp:.*\(request /.test(await at('#webhooks-url-fault').innerText()),
    );
    await screen.picture('webhooks-refused');
    await at('#webhooks-url').fill(well.url);
  });

  it('makes an endpoint whose test arrives, signed by the secret that was shown once', async () => {
    await at('#webhooks-secret-new').click();
    const secret = await at('#webhooks-secrets input').inputValue();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    await screen.picture('webhooks-new');
    await at('#webhooks-save').click();
    await endpoint('desk').waitFor();
    await until('the editor is closed', async () => (await at('#webhooks-secrets input').count()) === 0);
    await button(endpoint('desk'), 'Send test').click();
    await until('its answer is shown', async () =>
      /Test at [\d:]+ UTC delivered: status 204, \d+ ms\./.test(await below('desk').innerText()),
    );
    const test = well.heard.find(({ alert }) => alert.type === 'alert.test') as Heard;
    expect(test.signature).toBe(signature(test, secret));
    const row = await endpoint('desk').innerText();
    expect(row).toContain('The desk');
    expect(row).toContain('signed');
    expect(row).toContain('http://127.0.0.1');
    expect(row).not.toContain('/hook');
    secrets.push(secret);
  });

  it('shows what becomes of alerts at a receiver that is well and at one that fails, with the next retry', async () => {
    await at('#webhooks-new').click();
    await at('#webhooks-id').fill('broken');
    await at('#webhooks-url').fill(failing.url);
    await at('#webhooks-save').click();
    await endpoint('broken').waitFor();
    await at('#webhooks-by-endpoint').selectOption('broken');
    await at('#webhooks-by-state').selectOption('pending');
    // Alerts come and go meanwhile; a resolution does not expire, and is tried more than once.
    const retrying = at('#webhooks-delivery-rows tr[data-key^="broken "]')
      .filter({ hasText: 'resolved' })
      .filter({ hasText: /in \d+ (s|min)/ });
    await retrying.first().waitFor({ timeout: 200_000 });
    const key = (await retrying.first().getAttribute('data-key')) ?? '';
    expect(key).toMatch(/^broken divergence_btc-eth-1s_\d+_resolved$/);
    await at('#webhooks-by-state').selectOption('');
    const failed = at(`#webhooks-delivery-rows tr[data-key="${key}"]`);
    const text = await failed.innerText();
    expect(text).toMatch(/divergence\s+BTC – ETH 1s resolved/);
    expect(text).toContain('status 500');
    await failed.locator('.opener').click();
    const history = at(`#webhooks-delivery-rows tr[data-key="${key} history"]`);
    await until('two attempts are listed', async () => (await history.locator('tbody tr').count()) >= 2);
    // Rows have come above it meanwhile; whoever is there with the keyboard is still there.
    expect(await failed.locator('.opener').evaluate((node) => node.matches(':focus'))).toBe(true);
    expect(await history.innerText()).toMatch(/\d\d:\d\d:\d\d\s+\d+ ms\s+500\s+status 500/);
    await until('they are counted', async () =>
      /^\d+ listed: .*\d+ pending/.test(await at('#webhooks-counts').innerText()),
    );
    await screen.picture('webhooks-failing');
    await until('the endpoint says so too', async () =>
      /pending|failed|expired/.test(await endpoint('broken').innerText()),
    );
  }, 300_000);

  it('replays one delivery: the receiver gets the alert again under its id', async () => {
    await at('#webhooks-by-endpoint').selectOption('desk');
    await at('#webhooks-by-state').selectOption('delivered');
    const row = at('#webhooks-delivery-rows tr.delivery[data-key^="desk "]').first();
    await row.waitFor({ timeout: 200_000 });
    const key = (await row.getAttribute('data-key')) ?? '';
    const id = key.slice('desk '.length);
    const delivered = at(`#webhooks-delivery-rows tr[data-key="${key}"]`);
    const before = heardOf(id);
    expect(before).toBeGreaterThan(0);
    await button(delivered, 'Replay').click();
    await until('it is heard again', () => heardOf(id) === before + 1);
    await until('the page says so', async () =>
      /queued again/.test((await at('#webhooks-said').textContent()) ?? ''),
    );
  }, 300_000);

  it('replays a range, the last hour unless told otherwise, and says what was queued', async () => {
    const before = new Map(well.heard.map(({ id }) => [id, heardOf(id)]));
    await at('#webhooks-replay-endpoint').selectOption('desk');
    await at('#webhooks-replay-states input[value="delivered"]').check();
    await at('#webhooks-replay-start').click();
    const said = at('#webhooks-replay-said');
    await until('it is queued', async () => /\d+ deliver(y|ies) queued again\./.test(await said.innerText()));
    // New alerts come meanwhile; an old one comes again only because it is replayed.
    await until('the receiver has heard one again', () =>
      [...before].some(([id, times]) => heardOf(id) > times),
    );
    await at('#webhooks-replay-from').fill('2020-01-01 00:00:00');
    await at('#webhooks-replay-to').fill('2020-01-01 00:00:00');
    await at('#webhooks-replay-start').click();
    await until('the range is refused', async () => (await said.innerText()).includes('The range is empty'));
  });

  it('rotates a secret: what is sent meanwhile verifies with either', async () => {
    await button(endpoint('desk'), 'Edit').click();
    expect(await at('#webhooks-url').inputValue()).not.toContain('/hook');
    await at('#webhooks-secret-new').click();
    secrets.unshift(await at('#webhooks-secrets input').inputValue());
    expect(await at('#webhooks-secrets li').allInnerTexts()).toEqual([
      expect.stringContaining('New secret'),
      expect.stringContaining('whsec_…'),
    ]);
    await screen.picture('webhooks-rotating');
    await at('#webhooks-save').click();
    await until('it is rotating', async () => /signed, rotating/.test(await endpoint('desk').innerText()));
    const tests = () => well.heard.filter(({ alert }) => alert.type === 'alert.test');
    await button(endpoint('desk'), 'Send test').click();
    await until('the second test has arrived', () => tests().length === 2);
    const test = tests().at(-1) as Heard;
    expect(test.signature).toBe(secrets.map((secret) => signature(test, secret)).join(' '));
  });

  it('says that somebody else has changed an endpoint, and loads theirs', async () => {
    await button(endpoint('desk'), 'Edit').click();
    await at('#webhooks-name').fill('Mine');
    const { rows } = await tandem.get<{ rows: { id: string; url: string; revision: number }[] }>(
      '/endpoints',
    );
    const { revision, url } = rows.find(({ id }) => id === 'desk')!;
    const answer = await fetch(`${tandem.url}/api/v1/endpoints/desk?revision=${revision}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url, name: 'Theirs' }),
    });
    expect(answer.status).toBe(200);
    await at('#webhooks-theirs').waitFor();
    expect(await at('#webhooks-form-fault').innerText()).toContain('changed by somebody else');
    expect(await at('#webhooks-name').inputValue()).toBe('Mine');
    await at('#webhooks-theirs').click();
    await until('theirs is loaded', async () => (await at('#webhooks-name').inputValue()) === 'Theirs');
    expect(await at('#webhooks-secrets li').count()).toBe(2);
    await at('#webhooks-cancel').click();
  });

  it('leaves no delivery out on its way to the older ones', async () => {
    const { page } = screen;
    await at('#webhooks-by-endpoint').selectOption('desk');
    await at('#webhooks-by-state').selectOption('');
    const listed = async () => (await tandem.get<{ rows: Delivery[] }>('/deliveries?endpoint=desk')).rows;
    await until('there are some deliveries', async () => (await listed()).length >= 6, 200_000);
    const rows = await listed();
    // Few to a page, since there are not enough of them for pages of the usual size.
    await page.route('**/api/v1/deliveries?limit=50*', (route) =>
      route.continue({ url: route.request().url().replace('limit=50', 'limit=3') }),
    );
    await until('there are older pages', () => at('#webhooks-older').isEnabled());
    const keys = new Set<string>();
    for (;;) {
      for (const row of await at('tr.delivery').all()) keys.add((await row.getAttribute('data-key')) ?? '');
      if (await at('#webhooks-older').isDisabled()) break;
      const shown = await at('#webhooks-page').innerText();
      await at('#webhooks-older').click();
      await until('the older page is there', async () => (await at('#webhooks-page').innerText()) !== shown);
      await at('#webhooks-deliveries[aria-busy="false"]').waitFor();
    }
    expect(await at('#webhooks-page').innerText()).toContain('does not renew itself');
    for (const { endpoint, alert } of rows) expect(keys).toContain(`${endpoint} ${alert}`);
    await page.unroute('**/api/v1/deliveries?limit=50*');
    await at('#webhooks-newest').click();
  });

  it('says why deliveries are missing, with the id of the request, and goes on when they can be read again', async () => {
    const { page } = screen;
    const note = at('#webhooks-deliveries-note');
    const answer = { status: 503, body: '{"error":"The store cannot answer at present: busy","id":"12-34"}' };
    await page.route('**/api/v1/deliveries?limit=50*', (route) =>
      route.fulfill({ ...answer, contentType: 'application/json' }),
    );
    await until('the reason is given', async () =>
      /The deliveries cannot be read: .*busy \(request 12-34\)/.test(await note.innerText()),
    );
    await page.unroute('**/api/v1/deliveries?limit=50*');
    await until('it is over', async () => !(await note.isVisible()) || (await note.innerText()) === '');
  });

  it('deletes an endpoint after having said what is given up', async () => {
    await button(endpoint('broken'), 'Delete').click();
    expect(await below('broken').innerText()).toMatch(
      /Delete broken\? \d+ deliver(y|ies) that waits? for it (is|are) given up\./,
    );
    await screen.picture('webhooks-deleting');
    await button(below('broken'), 'Keep it').click();
    await below('broken').waitFor({ state: 'detached' });
    await button(endpoint('broken'), 'Delete').click();
    await button(below('broken'), 'Delete broken').click();
    await endpoint('broken').waitFor({ state: 'detached' });
    await at('#webhooks-by-endpoint').selectOption('');
    await at('#webhooks-by-state').selectOption('failed');
    await until('what waited for it is given up', async () =>
      /failed/.test(await at('#webhooks-counts').innerText()),
    );
  });

  it('can be read on a narrow screen in the dark', async () => {
    await screen.page.emulateMedia({ colorScheme: 'dark' });
    await screen.page.setViewportSize({ width: 375, height: 812 });
    await at('#webhooks-by-state').selectOption('');
    await until('deliveries are listed', async () => (await at('tr.delivery').count()) > 0);
    expect(
      await screen.page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth'),
    ).toBeLessThanOrEqual(0);
    await screen.picture('webhooks-narrow');
    await at('tr.delivery .opener').first().click();
    await at('#webhooks-deliveries-title').evaluate((node) => node.scrollIntoView());
    await screen.picture('webhooks-narrow-deliveries');
    await button(endpoint('desk'), 'Edit').click();
    await at('#webhooks-secrets li').first().scrollIntoViewIfNeeded();
    await screen.picture('webhooks-narrow-editor');
    await at('#webhooks-cancel').click();
    await at('#webhooks-replay-start').scrollIntoViewIfNeeded();
    await screen.picture('webhooks-narrow-replay');
  });

  it('never held a secret or the whole of a URL but in what was typed, and nothing went wrong in it', async () => {
    const markup = await screen.page.content();
    for (const word of ['/hook', ...secrets]) expect(markup).not.toContain(word);
    expect(screen.elsewhere()).toEqual([]);
    expect(screen.faults.filter((fault) => !/status of (400|409|422|503)/.test(fault))).toEqual([]);
  });
});

/** The secrets that the page has made, the newest first. */
const secrets: string[] = [];

/** What a receiver computes, by the letter of Standard Webhooks. */
function signature({ id, timestamp, body }: Heard, secret: string): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/** Id of the element that has the focus. */
function focused({ page }: Screen): Promise<string> {
  return page.evaluate<string>('document.activeElement.id');
}
