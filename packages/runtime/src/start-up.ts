import type { Reading } from './configuration.ts';

/** The configuration that was read; or help or every fault is printed, and the process ends. */
export function configuredOrExit<Configuration>(reading: Reading<Configuration>): Configuration {
  switch (reading.kind) {
    case 'configuration':
      return reading.configuration;
    case 'help':
      process.stdout.write(reading.text);
      return process.exit(0);
    case 'faults':
      process.stderr.write(`${reading.faults.join('\n')}\n`);
      return process.exit(1);
  }
}
