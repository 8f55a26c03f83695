import { type Cluster, startCluster } from '@tandem/cluster';
import type { Simulator } from '@tandem/simulator';
import { usdm } from './reference.ts';
import { recorded, serveRecording, watching } from './served-recording.ts';
import { type Tables, tablesOf } from './tables.ts';
import { Reader, scratch, Tandem } from './tandem.ts';

const intervals = ['1s', '1m', '5m'];
const studies = ['btc-eth-1s', 'btc-eth-1m'];

/** Seeded, so that a failure can be seen again. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Five processes watch the recording to its end while `disturb` does its worst. Undefined where the servers cannot be had. */
export async function runCluster(
  simulator: Simulator,
  disturb: (cluster: Cluster) => Promise<void> = async () => {},
  patience = 180_000,
  proxied = false,
): Promise<Tables | undefined> {
  const directory = await scratch();
  let cluster: Cluster | undefined;
  try {
    cluster = await startCluster(watching(simulator, directory.path), undefined, proxied);
    if (cluster === undefined) return undefined;
    const { services } = cluster;
    await disturb(cluster);
    const reader = new Reader(() => services.api.url);
    await recorded(reader, patience);
    return await tablesOf(reader, usdm.symbols, intervals, studies, usdm.end);
  } catch (error) {
    const said = Object.values(cluster?.services ?? {}).map(
      ({ name, output }) => `${name}: ${output.slice(-1_500)}`,
    );
    throw new Error(`${error instanceof Error ? error.message : error}\n${said.join('\n')}`);
  } finally {
    await cluster?.stop();
    await simulator.stop();
    await directory.remove();
  }
}

/** What one process makes of the recording when nothing happens. */
export async function runUndisturbed(): Promise<Tables> {
  const directory = await scratch();
  const simulator = await serveRecording(20);
  const tandem = new Tandem(watching(simulator, directory.path));
  try {
    await tandem.start();
    await recorded(tandem, 120_000);
    return await tablesOf(tandem, usdm.symbols, intervals, studies, usdm.end);
  } finally {
    await tandem.stop();
    await simulator.stop();
    await directory.remove();
  }
}
