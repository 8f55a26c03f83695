import { dialects, type Print } from '@tandem/ingestor';
import { market } from '@tandem/simulator';

/** A moment of the seeded market, the same in every run. */
const begin = Date.UTC(2026, 0, 1, 12);
const rate = 5_000;

export type TradeStream = 'aggTrade' | 'trade';

/** The first `count` different frames of the seeded market, as USD-M sends them on a combined stream. */
export function marketFrames(seed: number, stream: TradeStream, count: number): Buffer[] {
  const history = market(seed, { rate, steady: true, klineDepth: 0 });
  const frames: Buffer[] = [];
  for (let second = 0; frames.length < count; second += 1) {
    const from = begin + second * 1_000;
    for (const frame of history.frames(from, from + 1_000, (name) => name.endsWith(`@${stream}`)))
      frames.push(Buffer.from(`{"stream":"${frame.stream}","data":${frame.data}}`));
  }
  return frames.slice(0, count);
}

/** How Tandem reads such frames. */
export function readerOf(stream: TradeStream) {
  const dialect = dialects['binance-usdm'];
  if (dialect === undefined) throw new Error('there is no dialect of binance-usdm');
  return dialect({ stream });
}

/** The prints that the frames hold; a frame that is not read as one is an error. */
export function printsOf(frames: readonly Buffer[], stream: TradeStream): Print[] {
  const { read } = readerOf(stream);
  return frames.map((frame) => {
    const reading = read(frame);
    if (reading.kind !== 'print') throw new Error(`the frame ${frame} is read as ${reading.kind}`);
    return reading.print;
  });
}
