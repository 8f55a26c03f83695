// Builds the dashboard into dashboard/dist: static files that the api serves.
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const page = join(here, 'page');
const dist = join(here, 'dist');

/** Bundles the page's script and puts everything that the page loads beside it. */
export async function buildDashboard() {
  await mkdir(dist, { recursive: true });
  await build({
    entryPoints: [join(here, 'src/main.ts')],
    outfile: join(dist, 'main.js'),
    bundle: true,
    minify: true,
    sourcemap: 'linked',
    format: 'esm',
    target: 'es2022',
    conditions: ['source'],
    legalComments: 'none',
    logLevel: 'warning',
  });
  const plotly = createRequire(import.meta.url).resolve('plotly.js-strict-dist-min');
  await cp(plotly, join(dist, 'plotly-strict.min.js'));
  for (const file of ['style.css', 'alerts.css', 'webhooks.css', 'favicon.svg'])
    await cp(join(page, file), join(dist, file));
  await writeFile(
    join(dist, 'index.html'),
    await withVersions(await readFile(join(page, 'index.html'), 'utf8')),
  );
  return dist;
}

/** `?v=` carries a digest of the file's content: a browser keeps it for ever, and never an old one. */
async function withVersions(html) {
  const names = [...html.matchAll(/(?:src|href)="\/([\w.-]+)"/g)].map((match) => match[1]);
  let result = html;
  for (const name of names) {
    const digest = createHash('sha256')
      .update(await readFile(join(dist, name)))
      .digest('hex')
      .slice(0, 12);
    result = result.replace(`"/${name}"`, `"/${name}?v=${digest}"`);
  }
  return result;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildDashboard();
