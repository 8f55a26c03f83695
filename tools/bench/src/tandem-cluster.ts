import { startCluster } from '@tandem/cluster';
import { type Tandem, type Vitals, vitalsOf } from './tandem-process.ts';

/** Tandem as five processes on NATS and QuestDB; its vitals are the sum of the five. */
export async function startTandemCluster(settings: Readonly<Record<string, string>>): Promise<Tandem> {
  const cluster = await startCluster({ PORT: '0', LOG_LEVEL: 'warn', LOG_FORMAT: 'json', ...settings });
  if (cluster === undefined)
    throw new Error('NATS or QuestDB cannot be had here: the five processes cannot be measured');
  const services = Object.values(cluster.services);
  return {
    url: cluster.url,
    streamUrl: `${cluster.url.replace('http', 'ws')}/api/v1/stream`,
    vitals: async () => (await Promise.all(services.map(({ url }) => vitalsOf(url)))).reduce(sumOf),
    stop: () => cluster.stop(),
  };
}

function sumOf(left: Vitals, right: Vitals): Vitals {
  return {
    residentMb: left.residentMb + right.residentMb,
    heapMb: left.heapMb + right.heapMb,
    cpuSeconds: left.cpuSeconds + right.cpuSeconds,
    gcSeconds: left.gcSeconds + right.gcSeconds,
  };
}
