import { type Bar, baseInterval, type Interval, liveDataset, subjects } from '@tandem/common';
import type { Message, Service, ServiceContext } from '@tandem/runtime';
import { changesOf, type Step, takeBatch } from './batch.ts';
import { byInstrument } from './by-instrument.ts';
import { baseLength } from './core/buckets.ts';
import { openBars } from './core/close.ts';
import type { Counts } from './core/instrument.ts';
import { bucketOf } from './core/ranges.ts';
import { counting } from './counting.ts';
import { followPast } from './follow-past.ts';
import { formingBars } from './forming.ts';
import { instruments, type Known } from './instruments.ts';
import { restBetween } from './rest.ts';
import { turns } from './turns.ts';
import { warmStart } from './warm-start.ts';

export interface ResamplerOptions {
  /** Whose rows these are: `live` unless it is a replay or an upload. */
  readonly dataset?: string;
  /** Lengths of the bars; base bars are always made. */
  readonly intervals: readonly Interval[];
  /** Whether the venue's own bars fill the time before the first complete own ones. */
  readonly warmStart?: boolean;
}

/** One instrument's account: trades received = trades in bars = trades stored, or something was lost. */
export interface LedgerLine extends Counts {
  readonly instrument: string;
  readonly openGaps: number;
}

export interface Resampler extends Service {
  /** At the end of a dataset's input: once all of it is taken in, writes the bars in progress as partial ones. */
  flush(): Promise<void>;
  ledger(): LedgerLine[];
}

/** Follows TICKS, folds trades into bars, and is the only writer of `ticks`, `gaps` and `bars`. */
export async function startResampler(context: ServiceContext, options: ResamplerOptions): Promise<Resampler> {
  const { bus, store, log } = context;
  const dataset = options.dataset ?? liveDataset;
  const intervals = [...new Set([baseInterval, ...options.intervals])];
  const health = context.health.part('resampler');
  const known = instruments(context, dataset, intervals);
  const count = counting(context.metrics);
  const forming = formingBars(bus, log, context.clock ?? Date.now);
  const rest = restBetween(bus, (message) => {
    const state = known.peek(message.venue, message.symbol)?.state;
    if (state === undefined || forming.due(state)) return true;
    return message.watermark >= bucketOf(state.watermark) + baseLength;
  });
  const stopping = new AbortController();
  const inTurn = turns();
  const taken = new Map<string, string>();
  const seen = new Set<string>();
  // Only an input that ends needs to know what it has sent.
  const watching =
    dataset === liveDataset ? undefined : bus.subscribe('ticks.>', (subject) => void seen.add(subject));

  const publishBars = async (bars: readonly Bar[]) => {
    for (const bar of bars) await bus.publish(subjects.bars(bar.interval, bar.venue, bar.symbol), bar);
  };

  const klines =
    options.warmStart && dataset === liveDataset
      ? warmStart(context, intervals, (bars) =>
          inTurn(async () => {
            await store.write([{ table: 'bars', rows: bars }]);
            await publishBars(bars);
          }),
        )
      : undefined;

  let refused = 0;
  const refuse = (subject: string, reason: string) => {
    count.refused();
    refused += 1;
    // A flood of them must not become a flood of lines.
    if (refused <= 10 || refused % 1_000 === 0)
      log.warn({ subject, reason, refused }, 'a tick message is refused');
  };

  const takeIn = async (messages: readonly Message[]) => {
    const batches: { known: Known; steps: AsyncGenerator<Step> }[] = [];
    for (const [, list] of byInstrument(messages, refuse)) {
      const [first] = list;
      if (first === undefined) continue;
      const instrument = await known.get(first.venue, first.symbol);
      batches.push({
        known: instrument,
        steps: takeBatch(instrument.state, list, instrument.stored),
      });
    }
    let closed = false;
    for (let open = batches; open.length > 0; ) {
      const results = [];
      for (const batch of open) results.push({ batch, result: await batch.steps.next() });
      const going = results.filter(({ result }) => !result.done);
      const steps = going.map(({ result }) => result.value as Step);
      // For screens, and so not held up by the write.
      for (const batch of open) forming.changed(batch.known.state);
      const changes = changesOf(steps);
      if (changes.length > 0) await store.write(changes);
      for (const step of steps) await publishBars(step.publish);
      count.steps(steps);
      closed ||= steps.some((step) => step.bars.length > 0);
      open = going.map(({ batch }) => batch);
    }
    for (const batch of batches) {
      await known.keepHead(batch.known);
      count.instrument(batch.known.state);
      klines?.consider(batch.known.state, batch.known.stored);
    }
    return closed;
  };

  const handle = async (messages: readonly Message[]) => {
    rest.begin();
    const closed = await inTurn(() => takeInOrForget(messages));
    // All of it is durable; bars that closed have put whoever follows them to work.
    if (!closed && !stopping.signal.aborted) await rest.take();
  };

  const takeInOrForget = async (messages: readonly Message[]) => {
    let closed = false;
    try {
      closed = await takeIn(messages);
    } catch (error) {
      // What is in memory may be ahead of what is stored. The batch comes again, upon what is stored.
      known.forget();
      const reason = error instanceof Error ? error.message : String(error);
      health.report('down', `a batch could not be made durable and is tried again: ${reason}`);
      throw error;
    }
    for (const message of messages) taken.set(message.subject, message.position);
    reportBalance();
    return closed;
  };

  const reportBalance = () => {
    const wrong = ledger().find((line) => line.received !== line.inBars || line.received !== line.stored);
    if (wrong === undefined) return health.report('ok');
    const { instrument, received, inBars, stored } = wrong;
    health.report(
      'degraded',
      `${instrument}: ${received} trades received, ${inBars} in bars, ${stored} stored: restart to fold them again`,
    );
  };

  const ledger = (): LedgerLine[] =>
    known.all().map(({ state }) => ({
      instrument: `${state.identity.venue}:${state.identity.symbol}`,
      openGaps: state.gaps.length,
      ...state.counts,
    }));

  health.report('ok');
  const following = followPast(context, stopping.signal, handle, () => known.forget());
  // Whoever runs the service hears of it; without this line a failure before that would end the process unexplained.
  const failed = following.then(() => new Promise<never>(() => {}));
  failed.catch(() => {});

  const allTaken = async () => {
    for (const subject of seen) {
      const last = await bus.last(subject);
      if (last !== undefined && taken.get(subject) !== last.position) return false;
    }
    return true;
  };

  return {
    name: 'resampler',
    failed,
    ledger,
    async flush() {
      if (dataset === liveDataset) {
        throw new Error('live bars end with the market: only the input of a dataset can be flushed');
      }
      while (!stopping.signal.aborted && !(await allTaken())) {
        await Promise.race([new Promise((resolve) => setTimeout(resolve, 2)), failed]);
      }
      await inTurn(async () => {
        const bars = known.all().flatMap(({ state }) => openBars(state));
        if (bars.length > 0) await store.write([{ table: 'bars', rows: bars }]);
        await publishBars(bars);
      });
    },
    async stop() {
      stopping.abort();
      rest.stop();
      watching?.stop();
      await following.catch(() => {});
      await klines?.stop();
      forming.stop();
      health.remove();
    },
  };
}
