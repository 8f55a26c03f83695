import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const textOf = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match.slice(1));

describe('the files of the deployment', () => {
  const compose = textOf('docker-compose.yml');

  it('name the same base images in the Dockerfile, in compose and in the tests of the adapters', () => {
    const pinned = all(textOf('deploy', 'Dockerfile'), /^ARG (\w+_IMAGE)=(\S+)$/gm);
    expect(pinned).toHaveLength(3);
    expect(all(compose, /^ +(\w+_IMAGE): \$\{TANDEM_\w+_IMAGE:-(.+)\}$/gm)).toEqual(pinned);
    const images = Object.fromEntries(pinned) as Record<string, string>;
    const backends = join('tools', 'backends', 'src');
    const [nats] = all(textOf(backends, 'nats-binary.ts'), /newestNats = '(.+)'/g);
    const [questdb] = all(textOf(backends, 'questdb-jar.ts'), /questdbVersion = '(.+)'/g);
    expect(images.NATS_IMAGE).toBe(`nats:${nats?.[0]}-alpine`);
    expect(images.QUESTDB_IMAGE).toBe(`questdb/questdb:${questdb?.[0]}`);
    expect(images.NODE_IMAGE).toMatch(/^node:\d+\.\d+\.\d+-/);
    // Nothing comes from anywhere else.
    const sources = all(textOf('deploy', 'Dockerfile'), /^FROM (\S+)/gm).flat();
    expect(new Set(sources)).toEqual(new Set(pinned.map(([name]) => `\${${name}}`)));
    expect(compose).not.toMatch(/^ +image:/m);
  });

  it('pass every setting on to the containers, but for the directory that only one process has', () => {
    const sources = join('packages', 'runtime', 'src');
    const settings = readdirSync(join(root, sources))
      .filter((name) => /^tandem-settings-\w+\.ts$/.test(name))
      .flatMap((name) => all(textOf(sources, name), /env: '(TANDEM_\w+)'/g).flat());
    expect(settings.length).toBeGreaterThan(20);
    const passed = new Set(all(compose, /^ +(TANDEM_\w+):/gm).flat());
    expect(settings.filter((name) => !passed.has(name))).toEqual(['TANDEM_DATA']);
  });
});
