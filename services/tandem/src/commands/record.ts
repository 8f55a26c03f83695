import { recordFrames } from '@tandem/ingestor';
import { createLog, memorySettings, readTandemConfiguration } from '@tandem/runtime';
import { chooseFeed } from '../feed-choice.ts';
import { instrumentsOf, venueOptions } from '../venues.ts';
import { type Option, readOptions, text } from './options.ts';

const options: Readonly<Record<string, Option>> = {
  seconds: { type: 'string', value: 'N', help: 'stop after so long (until Ctrl-C)' },
};

/** `tandem record FILE`: the raw frames of the instruments that the settings (TANDEM_…) name. */
export async function record(argv: readonly string[]): Promise<void> {
  const given = readOptions('tandem record FILE[.gz] [options]', options, argv);
  const [file, ...more] = given.positionals;
  if (file === undefined || more.length > 0)
    throw new Error('Name one file to record into: npx tandem record FILE.gz');
  const seconds = Number(text(given, 'seconds') ?? 0);
  if (!(seconds >= 0)) throw new Error('--seconds must be a number.');
  const reading = readTandemConfiguration(process.env, []);
  if (reading.kind !== 'configuration')
    throw new Error(reading.kind === 'faults' ? reading.faults.join('\n') : reading.text);
  const configuration = reading.configuration;
  // The choice that a running Tandem has made is not touched.
  const feed = await chooseFeed(memorySettings(), configuration);
  if (feed.venue === 'sim') throw new Error(`There is nothing to record: ${feed.reason}.`);
  const venues = venueOptions(configuration, instrumentsOf(configuration, feed.venue), undefined);
  const [venue] = venues;
  if (venue === undefined || venues.length > 1) {
    throw new Error('One recording holds one venue: name instruments of one venue in TANDEM_INSTRUMENTS.');
  }

  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  process.once('SIGTERM', () => stopping.abort());
  const timer = seconds > 0 ? setTimeout(() => stopping.abort(), seconds * 1000) : undefined;
  process.stdout.write(
    `Recording ${venue.symbols.join(', ')} of ${feed.venue} into ${file}; Ctrl-C ends it.\n`,
  );
  const { frames, reconnects } = await recordFrames({
    dialect: venue.dialect,
    streamBase: venue.streamBase,
    symbols: venue.symbols,
    file,
    signal: stopping.signal,
    log: createLog({ level: configuration.logLevel, format: 'auto' }),
  });
  clearTimeout(timer);
  process.stdout.write(`${frames} frames recorded into ${file}, ${reconnects} reconnects.\n`);
  process.exit(0);
}
