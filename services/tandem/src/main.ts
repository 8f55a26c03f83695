import { doctor } from './commands/doctor.ts';
import { oracle } from './commands/oracle.ts';
import { record } from './commands/record.ts';
import { replay } from './commands/replay.ts';
import { start } from './commands/start.ts';

interface Command {
  readonly run: (argv: readonly string[]) => Promise<void>;
  readonly help: string;
}

const commands: Readonly<Record<string, Command>> = {
  start: { run: start, help: 'run all five services in this process' },
  replay: { run: replay, help: 'replay recordings through the identical code, apart from live data' },
  record: { run: record, help: 'write the raw frames of live trade streams into a file' },
  oracle: { run: oracle, help: 'compare the estimators with files of reference vectors' },
  doctor: { run: doctor, help: 'check this machine, the settings, the data and what can be reached' },
};

const help = `tandem: a real-time statistical-arbitrage monitor

Usage: npx tandem COMMAND [options]

${Object.entries(commands)
  .map(([name, command]) => `  ${name.padEnd(8)} ${command.help}`)
  .join('\n')}

"npx tandem COMMAND --help" lists a command's options.
`;

const [name = '--help', ...argv] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command !== undefined) {
  try {
    await command.run(argv);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
} else if (name === '--help' || name === '-h' || name === 'help') process.stdout.write(help);
else {
  process.stderr.write(
    `"${name}" is no command of tandem: use one of ${Object.keys(commands).join(', ')}.\n`,
  );
  process.exit(1);
}
