import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const workspaces = ['packages', 'services', 'tools', 'dashboard', 'e2e'];

interface Source {
  /** From the project's root. */
  path: string;
  /** `packages/common`, `services/api`, `dashboard` … */
  room: string;
  text: string;
  imports: string[];
}

function filesIn(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name);
    if (name === 'node_modules' || name === 'dist') return [];
    return statSync(path).isDirectory() ? filesIn(path) : path.endsWith('.ts') ? [path] : [];
  });
}

const sources: Source[] = workspaces
  .flatMap((workspace) => filesIn(join(root, workspace)))
  .map((file) => {
    const path = relative(root, file);
    const [first = '', second = ''] = path.split('/');
    const text = readFileSync(file, 'utf8');
    const imports = [
      ...text.matchAll(/^\s*(?:import|export)\b[^'";]*?from\s+'([^']+)'|^import\s+'([^']+)'/gm),
    ];
    return {
      path,
      room: first === 'dashboard' || first === 'e2e' ? first : `${first}/${second}`,
      text,
      imports: imports.map((match) => match[1] ?? match[2] ?? ''),
    };
  });
const product = sources.filter(({ path }) => !/\.(test|fixture|contract)\.ts$/.test(path));

const packageOf = (name: string) => (name === 'tandem' ? 'services/tandem' : undefined);
const ours: Record<string, string> = {
  '@tandem/common': 'packages/common',
  '@tandem/stats': 'packages/stats',
  '@tandem/runtime': 'packages/runtime',
  '@tandem/dashboard': 'dashboard',
  '@tandem/simulator': 'tools/simulator',
  '@tandem/backends': 'tools/backends',
  '@tandem/cluster': 'tools/cluster',
};

function roomOf(name: string): string | undefined {
  if (name in ours) return ours[name];
  return name.startsWith('@tandem/') ? `services/${name.slice('@tandem/'.length)}` : packageOf(name);
}

const allowed: Record<string, readonly string[]> = {
  'packages/common': [],
  'packages/stats': [],
  'packages/runtime': ['packages/common'],
  dashboard: ['packages/common'],
  'tools/simulator': [],
  'tools/backends': [],
  'tools/cluster': ['tools/backends'],
  e2e: ['packages/common', 'tools/simulator', 'tools/cluster'],
  'services/ingestor': ['packages/common', 'packages/runtime'],
  'services/resampler': ['packages/common', 'packages/runtime'],
  'services/analytics': ['packages/common', 'packages/runtime', 'packages/stats'],
  'services/alerter': ['packages/common', 'packages/runtime'],
  'services/api': ['packages/common', 'packages/runtime'],
};

describe('the structure of the code', () => {
  it('each room imports only those that the design allows', () => {
    const wrong = product.flatMap(({ path, room, imports }) =>
      imports
        .map(roomOf)
        .filter(
          (other) => other !== undefined && allowed[room] !== undefined && !allowed[room].includes(other),
        )
        .map((other) => `${path} imports ${other}`),
    );
    expect(wrong).toEqual([]);
    // The reading of imports itself must work for this to mean anything.
    expect(product.flatMap(({ imports }) => imports).filter((name) => name in ours).length).toBeGreaterThan(
      100,
    );
  });

  it('what is said, what is computed and what is decided knows no machine', () => {
    const pure = product.filter(
      ({ path, room }) =>
        room === 'packages/common' || room === 'packages/stats' || path.includes('/src/core/'),
    );
    expect(pure.length).toBeGreaterThan(20);
    const impure =
      /\bfrom 'node:|\basync\b|\bawait\b|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bsetTimeout\b|\bperformance\.now\b/;
    const wrong = pure.filter(({ text }) => impure.test(withoutComments(text)));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('only adapters name their driver', () => {
    const drivers: Record<string, RegExp> = {
      '@duckdb/node-api': /^packages\/runtime\/src\/store\/duckdb/,
      nats: /^packages\/runtime\/src\/((bus|settings)\/)?nats(-[a-z]+)?\.ts$/,
      '@questdb/nodejs-client': /^packages\/runtime\/src\/store\/questdb/,
      pg: /^packages\/runtime\/src\/store\/questdb/,
      pino: /^packages\/runtime\/src\/log\.ts$/,
      'prom-client': /^packages\/runtime\/src\/metrics\.ts$/,
      express: /^services\/api\/src\//,
    };
    const wrong = product
      .filter(({ room }) => room !== 'tools/bench')
      .flatMap(({ path, imports }) =>
        imports
          .filter((name) => drivers[name] && !drivers[name].test(path))
          .map((name) => `${path} imports ${name}`),
      );
    expect(wrong).toEqual([]);
  });

  it('has no circle of files', () => {
    const graph = new Map(
      product.map(({ path, imports }) => [
        path,
        imports
          .filter((name) => name.startsWith('.'))
          .map((name) => relative(root, resolve(root, dirname(path), name))),
      ]),
    );
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (path: string, trail: string[]): void => {
      if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      if (done.has(path) || trail.includes(path)) return;
      for (const next of graph.get(path) ?? []) walk(next, [...trail, path]);
      done.add(path);
    };
    for (const path of graph.keys()) walk(path, []);
    expect(circles).toEqual([]);
  });

  it('has one idea per file: none is longer than 300 lines, and none is a drawer', () => {
    const long = product.filter(({ text }) => text.split('\n').length > 300).map(({ path }) => path);
    const drawers = sources.filter(({ path }) => /\/(utils?|helpers?|handy|misc)(\/|\.ts$)/.test(path));
    expect([...long, ...drawers.map(({ path }) => path)]).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
}
