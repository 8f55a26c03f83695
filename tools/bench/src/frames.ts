import { compare, type Effort, type Rate } from './compare.ts';
import { marketFrames, printsOf, readerOf, type TradeStream } from './market-frames.ts';
import type { Options } from './options.ts';
import type { Report } from './report.ts';
import { spread, table } from './table.ts';

const count = 20_000;

/** Frame to tick: how fast a frame is read, beside JSON.parse of the same frames. */
export async function frames({ seed, quick }: Options): Promise<Report> {
  const effort: Effort = quick
    ? { rounds: 3, roundMs: 200, time: 'processor' }
    : { rounds: 9, roundMs: 500, time: 'processor' };
  const results: { stream: TradeStream; rates: Rate[] }[] = [];
  for (const stream of ['aggTrade', 'trade'] as const)
    results.push({ stream, rates: await compare(contendersOf(seed, stream), count, effort) });
  const rows = results.flatMap(({ stream, rates }) =>
    rates.map(({ name, perSecond, ratio }) => [`${stream}: ${name}`, spread(perSecond), spread(ratio, '×')]),
  );
  return {
    text: table(
      [`frame → tick (${count} different frames)`, 'frames per CPU second', 'ratio to the floor'],
      rows,
    ),
    data: { frames: count, ...effort, results },
  };
}

function contendersOf(seed: number, stream: TradeStream) {
  const buffers = marketFrames(seed, stream, count);
  const texts = buffers.map(String);
  const { read } = readerOf(stream);
  printsOf(buffers, stream);
  return [
    {
      name: 'JSON.parse of the frame (floor)',
      pass: () => {
        let sum = 0;
        for (const buffer of buffers) sum += JSON.parse(buffer.toString('utf8')).data.T;
        return sum;
      },
    },
    {
      name: 'JSON.parse of its text, decoded before',
      pass: () => {
        let sum = 0;
        for (const text of texts) sum += JSON.parse(text).data.T;
        return sum;
      },
    },
    {
      name: 'dialect.read',
      pass: () => {
        let sum = 0;
        for (const buffer of buffers) {
          const reading = read(buffer);
          if (reading.kind === 'print') sum += reading.print.time;
        }
        return sum;
      },
    },
  ];
}
