import { type Backend, type FaultProxy, natsServer, proxyTo, questdbServer } from '@tandem/backends';
import { type Environment, ServiceProcess } from './service-process.ts';

/** The services in the order of the pipeline; each is a process of its own. */
export const clusterServices = ['ingestor', 'resampler', 'analytics', 'alerter', 'api'] as const;
export type ClusterService = (typeof clusterServices)[number];

/** Tandem as a team runs it: NATS, QuestDB and a process per service. */
export interface Cluster {
  readonly nats: Backend;
  readonly questdb: Backend;
  /** What QuestDB's writers go through, where that was asked for. */
  readonly proxy: FaultProxy | undefined;
  readonly services: Readonly<Record<ClusterService, ServiceProcess>>;
  /** Where the dashboard is. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts NATS, QuestDB and the five services; undefined, after one line that says why, where a server cannot be had. */
export async function startCluster(
  environment: Environment,
  onLine?: (service: ClusterService, line: string) => void,
  /** Put something between the services and QuestDB's HTTP that can answer for it. */
  proxied = false,
): Promise<Cluster | undefined> {
  const nats = await natsServer();
  if (nats === undefined) return undefined;
  const questdb = await questdbServer();
  if (questdb === undefined) {
    await nats.stop();
    return undefined;
  }
  const proxy = proxied ? await proxyTo(Number(new URL(questdb.httpUrl).port)) : undefined;
  const behind =
    proxy && `questdb://127.0.0.1:${proxy.port}?pg=${new URL(questdb.pgUrl.replace(/^\w+:/, 'http:')).port}`;
  const common: Environment = {
    BUS: nats.url,
    SETTINGS: nats.url,
    STORE: behind ?? questdb.url,
    HEALTH_PORT: '0',
    ...environment,
  };
  const services = Object.fromEntries(
    clusterServices.map((name) => [
      name,
      new ServiceProcess(common, [name], onLine && ((line) => onLine(name, line))),
    ]),
  ) as Record<ClusterService, ServiceProcess>;
  const stop = async () => {
    // Upstream first, so that what was taken in is worked off.
    for (const name of clusterServices) await services[name].stop();
    await proxy?.close();
    await questdb.stop();
    await nats.stop();
  };
  try {
    await Promise.all(clusterServices.map((name) => services[name].start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { nats, questdb, proxy, services, url: services.api.url, stop };
}
