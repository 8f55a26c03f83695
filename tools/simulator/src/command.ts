import { parseArgs } from 'node:util';
import { market } from './market.ts';
import { recording } from './recording.ts';
import type { SimulatorOptions } from './simulator.ts';
import { startSimulator } from './simulator.ts';

const usage = `tandem-simulator [--recording FILE...] [--seed N] [--venue binance-usdm|binance-spot]
                 [--rate PRINTS_PER_SECOND] [--port N] [--speed N] [--control]`;

/** Runs the simulator from a command line until it is told to stop; the exit code is the result. */
export async function runCommand(args: readonly string[]): Promise<number> {
  let options: SimulatorOptions;
  try {
    options = readArguments(args);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}\n`);
    return 1;
  }
  try {
    const simulator = await startSimulator(options);
    process.stdout.write(`${options.venue} simulated at ${simulator.wsUrl} and ${simulator.restUrl}\n`);
    await new Promise<void>((resolve) => {
      process.once('SIGINT', () => resolve());
      process.once('SIGTERM', () => resolve());
    });
    await simulator.stop();
    return 0;
  } catch (error) {
    process.stderr.write(`the simulator did not start: ${(error as Error).message}\n`);
    return 1;
  }
}

/** The command line as options, or an error that says what does not fit. */
export function readArguments(args: readonly string[]): SimulatorOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      recording: { type: 'string', multiple: true },
      seed: { type: 'string' },
      venue: { type: 'string' },
      rate: { type: 'string' },
      port: { type: 'string' },
      speed: { type: 'string' },
      control: { type: 'boolean' },
    },
  });
  const files = values.recording ? [...values.recording, ...positionals] : [];
  if (files.length === 0 && positionals.length > 0) throw new Error(`unexpected argument ${positionals[0]}`);
  const port = numberOf('port', values.port, 0, 65_535) ?? 0;
  const speed = numberOf('speed', values.speed, 0, Number.POSITIVE_INFINITY) ?? 1;
  const common = { port, speed, control: values.control ?? false };
  const { venue } = values;
  if (venue !== undefined && venue !== 'binance-usdm' && venue !== 'binance-spot')
    throw new Error(`--venue cannot be ${venue}: use binance-usdm or binance-spot`);
  if (files.length > 0) {
    const history = recording(files, { others: true });
    if (venue !== undefined && venue !== history.venue)
      throw new Error(`the recording is of ${history.venue}, not of ${venue}: leave --venue out`);
    return { history, venue: history.venue, ...common };
  }
  if (speed === 0 || speed === Number.POSITIVE_INFINITY)
    throw new Error('a market has no end: --speed must be a finite number above 0');
  const seed = numberOf('seed', values.seed, 0, Number.MAX_SAFE_INTEGER) ?? 1;
  const rate = numberOf('rate', values.rate, 0, 100_000);
  const history = market(seed, { venue: venue ?? 'binance-usdm', ...(rate === undefined ? {} : { rate }) });
  return { history, venue: venue ?? 'binance-usdm', ...common };
}

function numberOf(name: string, text: string | undefined, low: number, high: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value) || value < low || value > high)
    throw new Error(`--${name} cannot be ${text}: give a number from ${low} to ${high}`);
  return value;
}
