import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../machine.ts';

const packages = ['numpy', 'scipy', 'pandas', 'statsmodels'];
/** The packages import within seconds, and install within minutes, or not at all, ms. */
const patience = { import: 60_000, install: 600_000 };

/** A Python that has the peers, or a sentence that says why there is none. */
export function findPython(): { readonly python: string } | { readonly fault: string } {
  const own = join(root, '.cache', 'bench-python');
  const python = join(own, 'bin', 'python');
  const known = [process.env.PYTHON, 'python3', '/usr/bin/python3', python].filter(
    (one) => one !== undefined,
  );
  for (const candidate of known) if (hasPeers(candidate)) return { python: candidate };
  process.stdout.write(
    `no Python here has ${packages.join(', ')}: installing them into .cache/bench-python\n`,
  );
  const steps = [
    ['python3', '-m', 'venv', own],
    [python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages],
  ] as const;
  for (const [command, ...args] of steps) {
    const { status, error, stderr } = run(command, args, patience.install);
    if (status === 0) continue;
    const said = error?.message ?? stderr.trim().split('\n').at(-1);
    return { fault: `${command} ${args.join(' ')}: ${said}` };
  }
  return hasPeers(python) ? { python } : { fault: 'what pip installed cannot be imported' };
}

function hasPeers(python: string): boolean {
  return run(python, ['-c', `import ${packages.join(', ')}`], patience.import).status === 0;
}

function run(command: string, args: readonly string[], timeout: number) {
  return spawnSync(command, args, { encoding: 'utf8', timeout });
}
