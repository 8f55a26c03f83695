import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

const places = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const executable = places.find((path) => path !== undefined && existsSync(path));

/** Whether there is a browser to test with; under CI=true its absence is a failure. */
export const hasBrowser = executable !== undefined;
if (!hasBrowser) {
  const sentence = 'No Chromium was found: name one in the environment variable CHROMIUM.';
  if (process.env.CI === 'true') throw new Error(sentence);
  console.log(`The tests of the dashboard did not run. ${sentence}`);
}

const pictures = fileURLToPath(new URL('../../test-results/', import.meta.url));

export function openBrowser(): Promise<Browser> {
  // A container's user has no sandbox of its own; the pages are ours.
  return chromium.launch({ executablePath: executable as string, args: ['--no-sandbox'] });
}

/** A page that remembers what it asked for and what went wrong in it. */
export class Screen {
  readonly page: Page;
  readonly asked: string[] = [];
  readonly faults: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('request', (request) => this.asked.push(request.url()));
    page.on('websocket', (socket) => this.asked.push(socket.url()));
    page.on('pageerror', (error) => this.faults.push(String(error)));
    page.on('console', (message) => {
      // That the server is away is what some tests are about.
      const expected = /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/.test(message.text());
      if (message.type() === 'error' && !expected) this.faults.push(message.text());
    });
  }

  static async open(browser: Browser): Promise<Screen> {
    return new Screen(await browser.newPage({ viewport: { width: 1400, height: 900 } }));
  }

  /** What is asked for outside of the page's own server, but for what the page itself made. */
  elsewhere(): string[] {
    const origin = new URL(this.page.url()).host;
    return this.asked.filter((url) => !/^(data|blob):/.test(url) && new URL(url).host !== origin);
  }

  text(selector: string): Promise<string> {
    return this.page.locator(selector).first().innerText();
  }

  /** Waits for a row of the table of studies to be in a state. */
  async row(study: string, state: string, timeout: number): Promise<void> {
    await this.page.locator(`#studies tr[data-key="${study}"][data-state="${state}"]`).waitFor({ timeout });
  }

  /** The traces of a chart as they are drawn: name, times and values. */
  traces(chart: string): Promise<Trace[]> {
    return this.page.evaluate<Trace[]>(
      `(document.getElementById('chart-${chart}').data ?? []).map(({ name, x, y }) => ({ name, x: [...x], y: [...y] }))`,
    );
  }

  /** How many grey columns a chart has. */
  columns(chart: string): Promise<number> {
    return this.page.evaluate<number>(
      `(document.getElementById('chart-${chart}').layout?.shapes ?? []).filter(({ type }) => type === 'rect').length`,
    );
  }

  async picture(name: string): Promise<void> {
    await this.page.screenshot({ path: `${pictures}dashboard-${name}.png` });
  }
}

export interface Trace {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

/** The confirmed line of a chart. */
export function confirmed(traces: readonly Trace[], name: string): Trace {
  const found = traces.find((trace) => trace.name === name);
  if (found === undefined) throw new Error(`the chart has no line ${name}`);
  return found;
}
