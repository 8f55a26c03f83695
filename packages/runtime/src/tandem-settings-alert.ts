import { presets, Severity } from '@tandem/common';
import { z } from 'zod';
import { type Description, listOf, numberFrom, oneOf, urlOf, yesOrNo } from './setting.ts';
import { IntervalText } from './tandem-names.ts';

const http = urlOf(['https:', 'http:'], 'https://hooks.example.com/tandem');

const usual = presets.divergence.rule();
const levels = presets.divergence.parameters.parse({});

/** Where the page is from this machine; nowhere if it takes a port that nobody knows yet. */
function pageAt(host: string, port: string): string {
  if (port === '0') return '';
  const here = ['0.0.0.0', '::', ''].includes(host) ? '127.0.0.1' : host;
  return `http://${here.includes(':') ? `[${here}]` : here}:${port}`;
}

/** The intervals of the first rule, as far as bars of them are made. */
function ruledAmong(intervals: string): string {
  const made = intervals.split(',').map((part) => part.trim());
  const { scope } = usual;
  const ruled: readonly string[] = (typeof scope === 'object' ? scope.intervals : undefined) ?? made;
  return ruled.filter((interval) => made.includes(interval)).join(',');
}

/**
 * The rule of the first run, and whom its alerts go to. Once it is a document, who edits the document is right, until
 * one of these is changed.
 */
export const alertSettings = {
  webhooks: {
    env: 'TANDEM_WEBHOOKS',
    flag: '--webhooks',
    schema: listOf(http),
    default: '',
    help: 'URLs that alerts are posted to, with commas between them',
    secret: true,
  },
  webhookPrivate: {
    env: 'TANDEM_WEBHOOK_PRIVATE',
    flag: '--webhook-private',
    schema: yesOrNo,
    default: 'false',
    help: 'post to private addresses too',
  },
  pageUrl: {
    env: 'TANDEM_PAGE_URL',
    flag: '--page-url',
    schema: z.union([z.literal('').transform(() => undefined), http]),
    default: (text) => pageAt(text('host'), text('port')),
    help: 'where people reach the page, for links in alerts',
  },
  alertSimulated: {
    env: 'TANDEM_ALERT_SIMULATED',
    flag: '--alert-simulated',
    schema: yesOrNo,
    default: 'false',
    help: 'let alerts on simulated data leave the process',
  },
  ruleZ: {
    env: 'TANDEM_RULE_Z',
    flag: '--rule-z',
    schema: numberFrom(0.01, 100, levels.z),
    default: String(levels.z),
    help: 'the rule fires at this |z|',
  },
  ruleCorrelation: {
    env: 'TANDEM_RULE_CORRELATION',
    flag: '--rule-correlation',
    schema: numberFrom(-1, 1, levels.correlation),
    default: String(levels.correlation),
    help: 'and at no less correlation of returns than this',
  },
  ruleBars: {
    env: 'TANDEM_RULE_BARS',
    flag: '--rule-bars',
    schema: numberFrom(1, 1_000, usual.bars, 'whole'),
    default: String(usual.bars),
    help: 'for this many bars',
  },
  ruleRearm: {
    env: 'TANDEM_RULE_REARM',
    flag: '--rule-rearm',
    schema: numberFrom(0, 100, levels.rearm),
    default: String(levels.rearm),
    help: 'it is armed again at this |z|',
  },
  ruleCooldown: {
    env: 'TANDEM_RULE_COOLDOWN',
    flag: '--rule-cooldown',
    schema: numberFrom(0, 604_800, usual.cooldown / 1_000, 'whole').transform((seconds) => seconds * 1_000),
    default: String(usual.cooldown / 1_000),
    help: 'least time between two firings of one study, seconds',
  },
  ruleSeverity: {
    env: 'TANDEM_RULE_SEVERITY',
    flag: '--rule-severity',
    schema: oneOf(Severity.options as [string, ...string[]]).pipe(Severity),
    default: usual.severity,
    help: 'how loud it is',
  },
  ruleIntervals: {
    env: 'TANDEM_RULE_INTERVALS',
    flag: '--rule-intervals',
    schema: listOf(IntervalText),
    default: (text) => ruledAmong(text('intervals')),
    help: 'studies of which intervals it watches',
  },
} satisfies Description;
