import { setTimeout as sleep } from 'node:timers/promises';
import { clusterServices, startCluster } from './cluster.ts';

/** Wait before a service that has ended is started again, ms. */
const restartDelay = 1_000;

// Settings come through the environment, as for one process.
const environment = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    name.startsWith('TANDEM_') && value !== undefined ? [[name.slice('TANDEM_'.length), value]] : [],
  ),
);
const cluster = await startCluster(environment, (service, line) =>
  process.stdout.write(`${service.padEnd(9)} ${line}\n`),
);
if (cluster === undefined) process.exit(1);

let stopping = false;
process.on('SIGINT', () => void end());
process.on('SIGTERM', () => void end());
async function end(): Promise<void> {
  if (stopping) process.exit(1);
  stopping = true;
  await cluster?.stop();
  process.exit(0);
}

process.stdout.write(`\n  Five processes on ${cluster.nats.url} and ${cluster.questdb.url}.\n`);
for (const name of clusterServices)
  process.stdout.write(`  ${name.padEnd(9)} ${cluster.services[name].url}\n`);
process.stdout.write(
  `\n  Dashboard: ${cluster.url}\n  Ctrl-C stops everything and removes the servers' data.\n\n`,
);

// What ends by itself is started again, as a container would be.
while (!stopping) {
  await sleep(restartDelay);
  for (const name of clusterServices) {
    const service = cluster.services[name];
    if (!stopping && !service.running) service.launch();
  }
}
