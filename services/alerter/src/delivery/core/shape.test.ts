import { Alert } from '@tandem/common';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alert, start } from './alert.fixture.ts';
import type { Telling } from './facts.ts';
import { bodyOf } from './shape.ts';

const page = 'https://tandem.example/';
const telling = (given: Partial<Alert> = {}, over: Partial<Telling> = {}): Telling => ({
  alert: alert(given),
  page,
  test: false,
  ...over,
});

interface SlackText {
  type: string;
  text: string;
}
interface SlackBlock {
  type: string;
  text?: SlackText;
  fields?: SlackText[];
}
const slack = (one: Telling) => JSON.parse(bodyOf('slack', one)) as { text: string; blocks: SlackBlock[] };
const slackTexts = (one: Telling) =>
  slack(one).blocks.flatMap(({ text, fields = [] }) => [...(text === undefined ? [] : [text]), ...fields]);

interface Embed {
  title?: string;
  description?: string;
  url?: string;
  timestamp?: string;
  fields: { name: string; value: string }[];
}
const discord = (one: Telling) =>
  JSON.parse(bodyOf('discord', one)) as { content: string; allowed_mentions: object; embeds: Embed[] };
const fieldsOf = (one: Telling) =>
  Object.fromEntries(
    discord(one).embeds.flatMap(({ fields }) => fields.map(({ name, value }) => [name, value])),
  );

/** What each shape must say of an alert, in whatever form. */
const said = [
  '2024-08-08 00:00:00 UTC',
  'btc-eth-1m',
  'SHORT_SPREAD',
  'sell BTC, buy 28.6 ETH per BTC',
  '2.314',
  '0.84',
  '0.91',
  '28.63',
  'mean-reverting',
  'not known',
  'for 2 bars',
];

describe('JSON', () => {
  it('is the alert as it is stored, with its type and the whole address of the chart', () => {
    const body = JSON.parse(bodyOf('json', telling()));
    expect(body).toEqual({ type: 'alert.firing', ...alert(), link: `https://tandem.example${alert().link}` });
    const { type: _, ...row } = JSON.parse(bodyOf('json', telling({ transition: 'resolved' })));
    expect(Alert.parse(row).transition).toBe('resolved');
    expect(JSON.parse(bodyOf('json', telling({}, { page: undefined }))).link).toBe(alert().link);
  });

  it('of a test says that it is one', () => {
    expect(JSON.parse(bodyOf('json', telling({}, { test: true }))).type).toBe('alert.test');
  });
});

describe('Slack', () => {
  it('says everything in plain text, and links to the chart', () => {
    const texts = slackTexts(telling());
    const whole = texts.map(({ text }) => text).join('\n');
    for (const part of said) expect(whole).toContain(part.replaceAll('>', '&gt;'));
    expect(whole).toContain('|z| 2.31 &gt;= 2 and returnCorrelation 0.84 &gt;= 0.5 for 2 bars');
    expect(texts.filter(({ type }) => type === 'mrkdwn').map(({ text }) => text)).toEqual([
      '<https://tandem.example/?study=btc-eth-1m&amp;alert=divergence_btc-eth-1m_1723075200000_firing|Open the chart>',
    ]);
    expect(slack(telling()).text).toContain('FIRING divergence · btc-eth-1m');
  });

  it('says late and simulated where nobody can miss it', () => {
    expect(slack(telling({ late: true, simulated: true })).blocks[0]?.text?.text).toMatch(
      /^SIMULATED LATE FIRING/,
    );
  });

  it('calls nobody, whatever the words in it say', () => {
    const evil = '<!channel> <@U123|me> <https://evil.example|here> & *bold* @everyone';
    const { text, blocks } = slack(telling({ text: evil, legs: evil }));
    for (const part of [text, ...slackTexts(telling({ text: evil, legs: evil })).map((one) => one.text)]) {
      expect(part.replace(/^<https:\/\/tandem\.example[^>]*>$/, '')).not.toMatch(/[<>]|&(?!(amp|lt|gt);)/);
    }
    expect(blocks.filter((block) => block.text?.type === 'mrkdwn')).toHaveLength(1);
  });
});

describe('Discord', () => {
  it('says everything in an embed that links to the chart', () => {
    const body = discord(telling());
    const whole = JSON.stringify(body).replaceAll(/\\\\/g, '');
    for (const part of said) expect(whole).toContain(part);
    expect(body.embeds[0]).toMatchObject({
      title: 'FIRING divergence · btc-eth-1m',
      url: `https://tandem.example${alert().link}`,
      timestamp: '2024-08-08T00:00:00.000Z',
    });
    expect(fieldsOf(telling())).toMatchObject({ quality: 'not known', late: 'no', simulated: 'no' });
  });

  it('calls nobody, whatever the words in it say', () => {
    const evil = '@everyone @here <@123> **b** [x](https://evil.example) `c` https://evil.example';
    const body = discord(telling({ text: evil, legs: evil }));
    expect(body.allowed_mentions).toEqual({ parse: [] });
    expect(body.content).toBe('');
    const description = body.embeds[0]?.description ?? '';
    expect(description).not.toMatch(/@(everyone|here)|(?<!\\)[<[*`]/);
    expect(description).not.toContain('https://');
  });

  it('of a rule that looks at very much still says every input', () => {
    const inputs = Object.fromEntries(Array.from({ length: 34 }, (_, i) => [`metric${i}`, i]));
    const told = fieldsOf(telling({ inputs }));
    for (const [name, value] of Object.entries(inputs)) expect(told[name]).toBe(String(value));
    expect(discord(telling({ inputs })).embeds.every(({ fields }) => fields.length <= 25)).toBe(true);
  });
});

it('an alert about a feed or the age of data says what it knows, and nothing of a row that it never saw', () => {
  const none = { direction: null, legs: null, z: null, returnCorrelation: null, priceCorrelation: null };
  const old = telling({ ...none, beta: null, inputs: { 'data.overdue': 300_000 } });
  expect(fieldsOf(old)).toMatchObject({ study: 'btc-eth-1m', 'data.overdue': '300000' });
  for (const name of ['z', 'beta']) expect(fieldsOf(old)).not.toHaveProperty(name);
  const feed = telling({
    ...none,
    instrument: 'binance-usdm:BTCUSDT',
    study: 'binance-usdm-btcusdt',
    beta: null,
    inputs: { 'feed.state': 'down' },
    text: 'feed.state down = down for 5 s',
  });
  expect(fieldsOf(feed)).toMatchObject({ 'feed.state': 'down' });
  expect(fieldsOf(feed)).not.toHaveProperty('z');
  expect(slack(feed).text).toContain('FIRING divergence · binance-usdm:BTCUSDT');
});

it('a link that would lead off the page is none', () => {
  expect(discord(telling({ link: '//evil.example/' })).embeds[0]?.url).toBeUndefined();
  expect(discord(telling({}, { page: undefined })).embeds[0]?.url).toBeUndefined();
});

it('no text is too long, and none is cut within an escaped letter', () => {
  const long = fc.string({
    unit: fc.constantFrom('<', '&', '*', '@', 'a', '😀', '\n', '\\'),
    maxLength: 7_000,
  });
  fc.assert(
    fc.property(long, long, (text, legs) => {
      const one = telling({ text, legs, inputs: { quality: legs.slice(0, 2_000) } });
      const { embeds } = discord(one);
      const letters = embeds.flatMap(({ title = '', description = '', fields }) => [
        title,
        description,
        ...fields.flatMap(({ name, value }) => [name, value]),
      ]);
      expect(letters.join('').length).toBeLessThanOrEqual(6_000);
      expect(embeds[0]?.description?.length).toBeLessThanOrEqual(4_096);
      for (const { fields } of embeds) {
        for (const { name, value } of fields) {
          expect(name.length).toBeGreaterThan(0);
          expect(value.length).toBeGreaterThan(0);
          expect(value.length).toBeLessThanOrEqual(1_024);
        }
      }
      const { blocks } = slack(one);
      expect(blocks.length).toBeLessThanOrEqual(50);
      expect(blocks[0]?.text?.text.length).toBeLessThanOrEqual(150);
      for (const { text } of slackTexts(one)) {
        expect(text.length).toBeLessThanOrEqual(3_000);
        expect(text).not.toMatch(/&(?!(amp|lt|gt);)/);
        expect(text).not.toMatch(/\p{Surrogate}/u);
      }
    }),
    { numRuns: 60 },
  );
});

it('the same alert has the same body whenever it is sent', () => {
  for (const shape of ['json', 'slack', 'discord'] as const) {
    expect(bodyOf(shape, telling({ time: start }))).toBe(bodyOf(shape, telling({ time: start })));
  }
});
