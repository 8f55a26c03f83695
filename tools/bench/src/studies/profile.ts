import type { Profiler } from 'node:inspector';
import { Session } from 'node:inspector/promises';

/** Whose time a moment of the main thread was. */
export const owners = ['core', 'store', 'collector', 'rest'] as const;
export type Owner = (typeof owners)[number];

const folders: readonly (readonly [Owner, RegExp])[] = [
  ['core', /\/services\/analytics\/(?:dist|src)\/core\/|\/packages\/stats\//],
  ['store', /\/packages\/runtime\/(?:dist|src)\/store\/|\/@duckdb\//],
];

/** Takes a CPU profile of this thread while `work` runs. */
export async function profileOf(work: () => Promise<void>): Promise<Profiler.Profile> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    await work();
    return (await session.post('Profiler.stop')).profile;
  } finally {
    session.disconnect();
  }
}

/**
 * Each owner's share of the moments in which the thread was busy. What has no file of its own (the engine's
 * built-in functions) counts for whoever called it, and another file for the rest.
 */
export function sharesOf({ nodes }: Pick<Profiler.Profile, 'nodes'>): Record<Owner, number> {
  const hits: Record<Owner, number> = { core: 0, store: 0, collector: 0, rest: 0 };
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const visit = (node: Profiler.ProfileNode, caller: Owner): void => {
    const { url, functionName } = node.callFrame;
    if (functionName === '(idle)') return;
    const own = functionName === '(garbage collector)' ? 'collector' : ownerOf(url, caller);
    hits[own] += node.hitCount ?? 0;
    for (const child of node.children ?? []) visit(byId.get(child)!, own);
  };
  const [first] = nodes;
  if (first !== undefined) visit(first, 'rest');
  const busy = owners.reduce((sum, owner) => sum + hits[owner], 0);
  if (busy === 0) throw new Error('the profile has caught nothing');
  return Object.fromEntries(owners.map((owner) => [owner, hits[owner] / busy])) as Record<Owner, number>;
}

function ownerOf(url: string, caller: Owner): Owner {
  if (url === '' || url.startsWith('node:')) return caller;
  return folders.find(([, folder]) => folder.test(url))?.[0] ?? 'rest';
}
