import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';

const readme = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8');
const source = fileURLToPath(new URL('./index.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'stats-readme-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Each example with the heading above it and the output that the README promises below it. */
const examples = [
  ...readme.matchAll(/^## (.+)\n(?:(?!^## )[\s\S])*?```ts\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/gm),
];

describe('the README', () => {
  it('shows four examples, and no code that is not run here', () => {
    expect(examples.length).toBe(4);
    expect(readme.match(/```ts/g)?.length).toBe(examples.length);
  });

  it.each(examples.map(([, heading, code, output]) => [heading, code, output]))(
    'its example "%s" prints what it says',
    async (heading, code, output) => {
      const file = join(folder, `${heading?.replaceAll(/\W+/g, '-')}.ts`);
      writeFileSync(file, (code as string).replace("'@tandem/stats'", JSON.stringify(source)));
      const print = vi.spyOn(console, 'log').mockImplementation(() => {});
      try {
        await import(/* @vite-ignore */ file);
        expect(`${print.mock.calls.map(([line]) => line).join('\n')}\n`).toBe(output);
      } finally {
        print.mockRestore();
      }
    },
  );
});
