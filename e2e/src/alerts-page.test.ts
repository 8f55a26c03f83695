import type { Acknowledgement, Alert, Rule, Silence } from '@tandem/common';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, openBrowser, Screen } from './browser.ts';
import { type LivelyMarket, livelyMarket } from './lively-market.ts';
import { type Tandem, until } from './tandem.ts';

type Stored = Rule & { revision: number };

/** Keeps what the page tells the desktop. */
const watchNotifications = `
  window.told = [];
  window.Notification = class extends EventTarget {
    static permission = 'default';
    static async requestPermission() { return (Notification.permission = 'granted'); }
    constructor(title, options) { super(); window.told.push({ title, ...options }); }
    close() {}
  };`;

describe.skipIf(!hasBrowser)('the page of rules and alerts', () => {
  let browser: Browser;
  let screen: Screen;
  let lively: LivelyMarket;
  let tandem: Tandem;

  beforeAll(async () => {
    lively = await livelyMarket();
    tandem = lively.tandem;
    browser = await openBrowser();
    screen = await Screen.open(browser);
    await screen.page.addInitScript(watchNotifications);
    await tandem.start();
    await screen.page.goto(tandem.url);
  });

  afterAll(async () => {
    await browser?.close();
    await lively?.end();
  });

  const page = () => screen.page;
  const form = () => page().locator('#rule-form');
  const rule = async (id: string) =>
    (await tandem.get<{ rows: Stored[] }>('/rules')).rows.find((one) => one.id === id);
  const firings = async () =>
    (await tandem.get<{ rows: Alert[] }>('/alerts?rule=divergence&transition=firing')).rows;

  it('tells the desktop of an alert that fires, once somebody has asked for it', async () => {
    await page().locator('#notify').click();
    await until(
      'it is asked for',
      async () => (await page().locator('#notify').getAttribute('aria-pressed')) === 'true',
    );
    const told = () => page().evaluate<{ title: string; body: string }[]>('window.told');
    await until('something fires', async () => (await told()).length > 0, 120_000);
    expect((await told())[0]).toMatchObject({
      title: 'BTC – ETH 1s: divergence',
      body: expect.stringMatching(/^(SELL|BUY) spread: .*\. \|z\| [\d.]+ >= 1/),
    });
  });

  it('lists the rules that are in force, and shows what each would have done on the stored history', async () => {
    await page().locator('#views').getByText('Alerts').click();
    expect(new URL(page().url()).searchParams.get('view')).toBe('alerts');
    await page().locator('#rule-list li').filter({ hasText: '|z| >= 1' }).locator('.open').click();
    expect(new URL(page().url()).searchParams.get('rule')).toBe('divergence');
    await until('the preview is there', async () =>
      /On [\d,]+ bars of 1 study it would have fired \d+ times?/.test(await screen.text('#rule-preview')),
    );
    // Rules on bars of a second are called what they are.
    expect(await screen.text('#rule-preview')).toContain('Bars of 1s are mostly noise');
    await screen.picture('rules');
  });

  it('refuses a wrong rule at the field that is wrong, and saves it when it is mended', async () => {
    await page().locator('#rule-new').selectOption('stationary-only');
    const names = form().getByLabel('Field', { exact: true });
    await names.nth(1).fill('cointegration');
    await until('it is refused', async () =>
      (await screen.text('#rule-form .faults')).includes(
        'when.all.1.field: there is no field "cointegration"; did you mean',
      ),
    );
    expect(await names.nth(1).getAttribute('aria-invalid')).toBe('true');
    expect(await form().getByText('Save', { exact: true }).isDisabled()).toBe(true);
    await names.nth(1).fill('cointegrationP');
    await form().getByLabel('Bars in a row').fill('3');
    await form().getByText('Save', { exact: true }).click();
    await until('it is saved', async () => (await rule('stationary-only'))?.bars === 3);
    expect(await rule('stationary-only')).toMatchObject({ revision: 1, scope: { intervals: ['1m', '5m'] } });
    await until('it is listed', async () =>
      (await screen.text('#rule-list')).includes('cointegrationP <= 0.05 for 3 bars'),
    );
  });

  it('edits the same rule as JSON', async () => {
    await page().locator('#editor-mode').getByText('JSON').click();
    const text = form().locator('textarea');
    const written = JSON.parse(await text.inputValue());
    expect(written).toMatchObject({ id: 'stationary-only', bars: 3 });
    await text.fill(JSON.stringify({ ...written, severity: 'critical' }));
    await form().getByText('Save', { exact: true }).click();
    await until('it is saved', async () => (await rule('stationary-only'))?.severity === 'critical');
  });

  it('does not write over what somebody else has written meanwhile', async () => {
    const { revision, ...before } = (await rule('stationary-only'))!;
    await form()
      .locator('textarea')
      .fill(JSON.stringify({ ...before, bars: 9 }));
    const other = await fetch(`${tandem.url}/api/v1/rules/stationary-only?revision=${revision}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...before, bars: 7 }),
    });
    expect(other.status).toBe(200);
    await form().getByText('Save', { exact: true }).click();
    await until('it is refused', async () =>
      (await screen.text('#rule-form .said')).includes('Somebody else has changed it'),
    );
    expect((await rule('stationary-only'))?.bars).toBe(7);
    await form().getByText('Load what is stored now').click();
    await until(
      'theirs is shown',
      async () => (await form().getByLabel('Bars in a row').inputValue()) === '7',
    );
  });

  it('switches a rule off and deletes it', async () => {
    const row = page().locator('#rule-list li').filter({ hasText: 'cointegrationP <= 0.05 for 7 bars' });
    await row.waitFor();
    await row.getByRole('checkbox').uncheck();
    await until('it is off', async () => (await rule('stationary-only'))?.enabled === false);
    await until('it is shown as off', async () => (await row.locator('.state-word').innerText()) === 'off');
    page().once('dialog', (dialog) => void dialog.accept());
    await form().getByText('Delete', { exact: true }).click();
    await until('it is gone', async () => (await rule('stationary-only')) === undefined);
    await until('it is listed no more', async () => (await row.count()) === 0);
  });

  it('says that somebody else has deleted the rule that is edited', async () => {
    const { revision: _, effectiveFrom: __, ...like } = (await rule('divergence'))!;
    const send = (method: string, query: string, body?: object) =>
      fetch(`${tandem.url}/api/v1/rules/short-lived${query}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const id = 'short-lived';
    expect((await send('PUT', '?revision=0', { ...like, id, name: id, enabled: false })).status).toBe(200);
    await page().locator('#rule-list li').filter({ hasText: id }).locator('.open').click();
    await form().getByLabel('Bars in a row').fill('5');
    await page().locator('#history-title').click();
    expect((await send('DELETE', `?revision=${(await rule(id))!.revision}`)).status).toBe(200);
    await until('it is said', async () =>
      (await screen.text('#rule-form .said')).includes('Somebody has deleted this rule since'),
    );
    await form().getByText('Load what is stored now').click();
    await until('it is closed', async () => !new URL(page().url()).searchParams.has('rule'));
  });

  it('notes who takes care of an alert, and stands to its name in every other view', async () => {
    const rows = page().locator('#history-rows tr[data-transition="firing"]');
    await rows.first().waitFor({ timeout: 90_000 });
    await page().locator('#history-filters').getByLabel('transition').selectOption('firing');
    await page().locator('#history-filters').getByLabel('Your name').fill('ada');
    const id = await rows.last().getAttribute('data-key');
    const row = page().locator(`#history-rows tr[data-key="${id}"]`);
    await row.getByText('Acknowledge').click();
    await until('it is noted', async () => (await row.innerText()).includes('ada, '));
    const { rows: noted } = await tandem.get<{ rows: Acknowledgement[] }>('/acknowledgements');
    expect(noted).toMatchObject([{ alert: id, by: 'ada' }]);
    await screen.picture('alert-history');
    await row.locator('.about button').click();
    await until('it is shown with its study', async () =>
      /BTC – ETH 1s: divergence firing, .* UTC/.test(await screen.text('#alert-card-title')),
    );
    const card = await screen.text('#alert-card');
    expect(card).toMatch(/\|z\| [\d.]+ >= 1 and returnCorrelation/);
    expect(card).toContain('ada takes care');
    expect(await screen.text('#alert-card .inputs')).toMatch(/z\s*−?[\d.]+/);
  });

  it('opens an alert by its link, long after it was on the page', async () => {
    const [oldest] = await firings();
    const fresh = await Screen.open(browser);
    await fresh.page.goto(`${tandem.url}${oldest!.link}`);
    await until('it is shown', async () =>
      /BTC – ETH 1s: divergence firing/.test(await fresh.text('#alert-card-title')),
    );
    await until('its mark is larger than the others', async () => {
      const sizes = await fresh.page.evaluate<number[]>(
        `(document.getElementById('chart-z').data ?? []).find(({ name }) => name === 'alerts')?.marker.size ?? []`,
      );
      return sizes.filter((size) => size > 11).length === 1;
    });
    await fresh.picture('alert');
    await fresh.page.keyboard.press('Escape');
    await until('it is closed', () => fresh.page.locator('#alert-card').isHidden());
    await fresh.page.goto(`${tandem.url}/?alert=none`);
    await until('what is not stored is said', async () =>
      (await fresh.text('#alert-card-title')).includes('no alert "none" is stored'),
    );
    expect(fresh.faults).toEqual([]);
    await fresh.page.close();
  });

  it('silences a rule for a while, and ends the silence', async () => {
    await page().locator('#alert-card').getByText('Silence …').click();
    const silences = async () => (await tandem.get<{ rows: Silence[] }>('/silences')).rows;
    const panel = page().locator('#silence-form');
    expect(await panel.getByLabel('Study', { exact: true }).inputValue()).toBe('btc-eth-1s');
    await panel.getByLabel('Your name').fill('ada');
    await panel.getByLabel('Comment').fill('maintenance');
    await panel.getByRole('button').click();
    await until('it is silenced', async () => (await silences()).length === 1);
    expect(await silences()).toMatchObject([
      { rule: 'divergence', study: 'btc-eth-1s', by: 'ada', comment: 'maintenance' },
    ]);
    const listed = page().locator('#silence-list li');
    await until('it is listed', async () => (await listed.count()) === 1);
    expect(await listed.innerText()).toMatch(
      /divergence on btc-eth-1s, until .* UTC \(in \d+ min\) · ada: maintenance/,
    );
    await listed.getByText('End now').click();
    await until('it has ended', async () => (await silences()).length === 0);
  });

  it('begins a rule for the study that is looked at by one key', async () => {
    await page().locator('#views').getByText('Overview').click();
    await page().keyboard.press('a');
    await until('a rule is begun', async () => (await screen.text('#editor-title')) === 'New rule');
    expect(await form().getByLabel('Id', { exact: true }).inputValue()).toBe('btc-eth-1s-divergence');
    expect(await form().getByLabel('btc-eth-1s', { exact: true }).isChecked()).toBe(true);
    // Nothing is in force before it is saved.
    expect(await rule('btc-eth-1s-divergence')).toBeUndefined();
  });

  it('fits a telephone, in the dark too, and nothing went wrong in the page', async () => {
    await page().setViewportSize({ width: 375, height: 800 });
    await page().emulateMedia({ colorScheme: 'dark' });
    const wide = () => page().evaluate<number>('document.documentElement.scrollWidth');
    await until('nothing hangs over the edge', async () => (await wide()) <= 375);
    await screen.picture('rules-telephone');
    expect(screen.faults.filter((fault) => !fault.includes('409'))).toEqual([]);
    expect(screen.elsewhere()).toEqual([]);
  });
});
