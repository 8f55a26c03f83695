import { createLog } from './log.ts';
import { run } from './run.ts';
import type { Service } from './service.ts';

const scenario = process.argv[2];
const log = createLog();
const service =
  (name: string, over: Partial<Service> = {}) =>
  async (): Promise<Service> => ({ name, stop: async () => {}, ...over });
const broken = () => Promise.reject(new Error('port 8080 is in use'));
const hanging = { stop: () => new Promise<void>(() => {}) };
const failing = async (): Promise<Service> => ({
  ...(await service('ingestor')()),
  failed: new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('position lost')), 20);
  }),
});

const services: Record<string, (() => Promise<Service>)[]> = {
  drain: [service('ingestor'), service('resampler'), service('api')],
  broken: [service('ingestor'), broken],
  hanging: [service('ingestor'), service('api', hanging)],
  failing: [failing],
  uncaught: [service('ingestor')],
  unhandled: [service('ingestor')],
  // Has not started before it is told to stop.
  slow: [
    service('ingestor'),
    () =>
      new Promise((resolve) => process.once('SIGTERM', () => setTimeout(resolve, 50))).then(service('api')),
  ],
};

await run({
  log,
  services: services[scenario ?? ''] ?? [],
  drainWithin: process.argv[3] === undefined ? undefined : Number(process.argv[3]),
  close: async () => log.info('ports closed'),
  started: () => {
    log.info('all started');
    if (scenario === 'uncaught') setTimeout(() => JSON.parse('{'), 10);
    if (scenario === 'unhandled') void Promise.reject(new Error('nobody looks'));
  },
});
