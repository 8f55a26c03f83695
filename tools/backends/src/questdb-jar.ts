import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The one version that Tandem is tested and deployed with: the newest line that runs on Java 17. */
export const questdbVersion = '9.3.4';

/** Downloads that tests need, kept from run to run and outside git. */
const cache = fileURLToPath(new URL('../../../.cache/questdb/', import.meta.url));

/** QuestDB's jar from Maven, fetched once; or, as a text, why it cannot be had. */
export async function questdbJar(): Promise<{ file: string } | string> {
  const file = join(cache, `questdb-${questdbVersion}.jar`);
  const java = await run('java', ['-version']).then(({ stderr }) => stderr, String);
  const release = Number(/version "(\d+)/.exec(java)?.[1]);
  if (!(release >= 17)) return 'no container engine answers, and no Java 17 or newer is on PATH';
  const there = await access(file).then(
    () => true,
    () => false,
  );
  if (there) return { file };
  // In a folder of its own, and moved whole: several test runs may fetch it at once.
  const folder = join(cache, `.fetching-${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true });
    await run('mvn', [
      '--batch-mode',
      '--quiet',
      'org.apache.maven.plugins:maven-dependency-plugin:2.8:copy',
      `-Dartifact=org.questdb:questdb:${questdbVersion}`,
      `-DoutputDirectory=${folder}`,
    ]);
    await rename(join(folder, `questdb-${questdbVersion}.jar`), file);
    return { file };
  } catch (error) {
    const { stdout, message } = error as Error & { stdout?: string };
    const reason = /^\[ERROR\] .*/m.exec(stdout ?? '')?.[0] ?? message.split('\n', 1)[0];
    return `no container engine answers, and Maven cannot fetch QuestDB's jar (${reason?.slice(0, 300)})`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
