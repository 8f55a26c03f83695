// A process of its own: the simulated exchange, which notes the moment at which it hands each frame to its sockets.
import { type Frame, type History, market, startSimulator } from '@tandem/simulator';
import { moment } from './clock.ts';
import type { ExchangeAnswer, ExchangeQuestion, Sent } from './exchange-process.ts';

const marks: { readonly data: string; readonly at: number }[] = [];

const [seed, rate] = process.argv.slice(2).map(Number) as [number, number];
const history = market(seed, { rate, steady: true, klineDepth: 0 });
const simulator = await startSimulator({ history: marked(history), venue: 'binance-usdm' });

process.on('message', (question: ExchangeQuestion) => {
  if (question === 'marks') answer({ sent: marks.splice(0).flatMap(sentOf) });
});
// Nobody is left to ask.
process.on('disconnect', () => process.exit());
answer({ stream: simulator.wsUrl, rest: simulator.restUrl });

function answer(message: ExchangeAnswer): void {
  process.send?.(message);
}

/** The same history, whose frames are noted as they are taken to be sent, not when they were made. */
function marked(original: History): History {
  return {
    ...original,
    frames(after, until, wanted) {
      const frames = original.frames(after, until, wanted);
      return Object.assign([...frames], { [Symbol.iterator]: () => noting(frames) });
    },
  };
}

function* noting(frames: readonly Frame[]): Generator<Frame, undefined> {
  for (const frame of frames) {
    marks.push({ data: frame.data, at: moment() });
    yield frame;
  }
}

function sentOf({ data, at }: { data: string; at: number }): Sent[] {
  const { s, t, X } = JSON.parse(data) as { s: string; t: number; X: string };
  // Other prints are no trades: their ids are accounted for, but they become no ticks.
  return X === 'MARKET' ? [[`${s}:${t}`, at]] : [];
}
