import { natsServer } from '@tandem/backends';
import { subjects, type TickMessage } from '@tandem/common';
import { natsBus } from '@tandem/runtime';
import { compare, type Effort } from './compare.ts';
import { ticksOf } from './fold.ts';
import type { Options } from './options.ts';
import type { Report } from './report.ts';
import { spread, table } from './table.ts';

const symbols = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'BNBUSDT', 'XRPUSDT'];
const ticksInMessage = 50;
const messagesInPass = 40;

/** Ticks into JetStream, each message acknowledged as stored, beside the making of the same JSON: what durability costs. */
export async function publish({ seed, quick }: Options): Promise<Report> {
  const server = await natsServer();
  if (server === undefined) throw new Error('NATS cannot be had here: publishing cannot be measured');
  const effort: Effort = quick
    ? { rounds: 2, roundMs: 500, time: 'wall' }
    : { rounds: 5, roundMs: 3_000, time: 'wall' };
  const bus = await natsBus(server.url);
  const messages = symbols.map((symbol) => messageOf(seed, symbol));
  const ticks = symbols.length * messagesInPass * ticksInMessage;
  try {
    const rates = await compare(
      [
        {
          name: 'JSON of the messages (floor)',
          pass: async () => {
            let bytes = 0;
            for (let count = 0; count < messagesInPass; count++)
              for (const message of messages) bytes += JSON.stringify(message).length;
            return bytes > 0 ? ticks : 0;
          },
        },
        {
          name: 'bus.publish, stored and acknowledged',
          pass: async () => {
            const published = messages.flatMap((message) =>
              Array.from({ length: messagesInPass }, () =>
                bus.publish(subjects.ticks('binance-usdm', message.symbol), message),
              ),
            );
            await Promise.all(published);
            return ticks;
          },
        },
      ],
      ticks,
      effort,
    );
    const rows = rates.map(({ name, perSecond, ratio }) => [name, spread(perSecond), spread(ratio, '×')]);
    return {
      text: `${table([`durable publishing, ${ticksInMessage} ticks a message, ${symbols.length} subjects`, 'ticks/s', 'ratio'], rows)}\nNATS ${server.version ?? ''} (${server.how}) shares the machine; aim: 300,000 ticks/s`,
      data: { rates, server: { version: server.version, how: server.how } },
    };
  } finally {
    await bus.close();
    await server.stop();
  }
}

function messageOf(seed: number, symbol: string): TickMessage {
  const ticks = ticksOf(seed).slice(0, ticksInMessage);
  return {
    venue: 'binance-usdm',
    symbol,
    fromId: '1',
    toId: String(ticksInMessage),
    watermark: ticks.at(-1)?.time ?? 0,
    ticks,
    filtered: 0,
  };
}
