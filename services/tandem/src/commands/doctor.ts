import { readTandemConfiguration, type TandemConfiguration } from '@tandem/runtime';
import { checkDirectory, checkSettings, checkStore } from '../checks/data.ts';
import { checkFeed } from '../checks/feed.ts';
import { exitCodeOf, type Finding, lineOf, ok, summaryOf } from '../checks/finding.ts';
import { judgeNode } from '../checks/judgement.ts';
import { checkPort, findRunning } from '../checks/running.ts';
import { checkWebhooks } from '../checks/webhooks.ts';

const usage = `Usage: npx tandem doctor [settings]

Checks this machine, the settings, the data and what can be reached, one line each. Nothing is changed.
Exit code 0 without problems, else 1.

`;

/** `tandem doctor`: what could keep Tandem from running or from getting data here, and how to mend it. */
export async function doctor(argv: readonly string[]): Promise<void> {
  const reading = readTandemConfiguration(process.env, argv);
  if (reading.kind === 'help') {
    process.stdout.write(usage + reading.text);
    process.exit(0);
  }
  const findings: Finding[] = [];
  const tell = (...more: readonly Finding[]) => {
    findings.push(...more);
    for (const finding of more) process.stdout.write(`${lineOf(finding)}\n`);
  };
  tell(judgeNode(process.versions.node));
  if (reading.kind === 'faults') {
    // Each says itself how to mend it.
    tell(...reading.faults.map((detail): Finding => ({ what: 'setting', outcome: 'problem', detail })));
  } else {
    tell(ok('settings given', 'understood'));
    await examine(reading.configuration, tell);
  }
  process.stdout.write(`\n  ${summaryOf(findings)}\n`);
  process.exit(exitCodeOf(findings));
}

async function examine(configuration: TandemConfiguration, tell: (...findings: Finding[]) => void) {
  // Begun before anything is said: what is far away answers while what is near is looked at.
  const webhooks = checkWebhooks(configuration);
  tell(...(await checkDirectory(configuration)));
  const running = await findRunning(configuration);
  const { finding, choice } = await checkSettings(configuration, running);
  tell(finding, await checkStore(configuration, running), ...(await checkPort(configuration, running)));
  tell(...(await checkFeed(configuration, running, choice)), ...(await webhooks));
}
