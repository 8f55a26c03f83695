import { type ServiceHealth, subjects } from '@tandem/common';
import { announceHealth, healthRegistry, memoryBus } from '@tandem/runtime';
import { expect, it } from 'vitest';
import { longestSilence, otherProcesses } from './other-processes.ts';

it('a process that announces its health is shown part by part, and as dead when it falls silent', async () => {
  const bus = memoryBus();
  let now = 1_000_000;
  const others = otherProcesses(bus, () => now);
  const health = healthRegistry();
  health.part('analytics').report('ok');
  health.part('store').report('degraded', 'slow');
  const announcing = await announceHealth({ bus, health }, 'analytics');
  expect(others.parts(now)).toMatchObject({
    analytics: { state: 'ok', detail: '' },
    'store of analytics': { state: 'degraded', detail: 'slow' },
  });
  await announcing.stop();
  now += longestSilence + 2_000;
  expect(others.parts(now).analytics).toMatchObject({
    state: 'down',
    detail: 'no word from analytics for 12 s',
  });
  others.stop();
});

it('a statement that is none changes nothing', async () => {
  const bus = memoryBus();
  const others = otherProcesses(bus, () => 0);
  await bus.publish(subjects.health('alerter'), {
    service: 'alerter',
    parts: 'fine',
  } as unknown as ServiceHealth);
  expect(others.parts(0)).toEqual({});
  others.stop();
});
