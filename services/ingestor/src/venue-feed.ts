import { setTimeout as sleep } from 'node:timers/promises';
import { type FeedStatus, subjects } from '@tandem/common';
import type { ServiceContext } from '@tandem/runtime';
import { ExchangeClock } from './exchange-clock.ts';
import { InstrumentFeed } from './instrument-feed.ts';
import { Rest } from './rest.ts';
import { openGaps, resume, resumeBehindBars } from './resume.ts';
import type { Dialect } from './venues/venue.ts';
import { beginInThePast } from './warm-start.ts';
import { Wire } from './wire.ts';

export interface VenueOptions {
  dialect: Dialect;
  /** Base URLs of the venue's WebSocket and REST sides. */
  streamBase: string;
  restBase: string;
  symbols: readonly string[];
  /** On a first start, fetch some minutes of the past. */
  warmStart: boolean;
}

const heartbeatInterval = 1_000;
const gapInterval = 60_000;
/** How long a stop waits for the bus to take what has arrived, ms. */
const drainPatience = 3_000;

/** A venue's running feed. */
export interface VenueFeed {
  readonly rest: Rest;
  stop(): Promise<void>;
}

/** Reads the trade streams of one venue and publishes every trade once, in order, with what is known of their completeness. */
export async function startVenueFeed(context: ServiceContext, options: VenueOptions): Promise<VenueFeed> {
  const { bus, store } = context;
  const { dialect, symbols } = options;
  const log = context.log.child({ service: 'ingestor', venue: dialect.venue });
  const stopping = new AbortController();
  const { signal } = stopping;
  const rest = new Rest(options.restBase, dialect, signal);
  const clock = new ExchangeClock();
  const feeds = new Map<string, InstrumentFeed>();
  const health = context.health.part(`feed ${dialect.venue}`);
  const refused = context.metrics.counter('frames_refused_total', 'Frames that could not be used', [
    'venue',
    'kind',
  ]);
  const ticks = context.metrics.counter('ticks_total', 'Ticks published', ['venue', 'symbol']);
  const strangeFrames = { malformed: 0, unknown: 0 };
  let wire: Wire | undefined;

  const behindBars = (symbol: string) =>
    resumeBehindBars(store, dialect, rest, symbol).catch((error) => {
      log.warn({ error, symbol }, 'the venue could not be asked what it traded since the last bar');
      return null;
    });

  for (const symbol of symbols) {
    const feed = new InstrumentFeed({
      dialect,
      symbol,
      rest,
      clock,
      resume: (await resume(bus, store, dialect.venue, symbol)) ?? (await behindBars(symbol)),
      publish: (message) => {
        ticks.inc({ venue: dialect.venue, symbol }, message.ticks.length);
        return bus.publish(subjects.ticks(dialect.venue, symbol), message);
      },
      onDead: (detail) => wire?.reconnect(detail),
      log,
      signal,
    });
    feeds.set(symbol, feed);
  }
  if (options.warmStart) {
    await beginInThePast([...feeds.values()], dialect, rest).catch((error) =>
      log.warn({ error }, 'no warm start: the venue could not be asked for its recent trades'),
    );
  }

  wire = new Wire({
    url: dialect.streamUrl(options.streamBase.replace(/\/+$/, ''), symbols),
    symbols,
    random: Math.random,
    log,
    onConnected: () => {
      for (const feed of feeds.values()) feed.connected();
    },
    onLost: (detail) => {
      for (const feed of feeds.values()) {
        feed.counts.reconnects++;
        feed.disconnected(detail);
      }
    },
    onUnproven: (unheard) => {
      for (const symbol of unheard) feeds.get(symbol)?.unproven();
    },
    onFrame,
  });

  function onFrame(frame: Buffer, received: number, complete: boolean): string | undefined {
    const reading = dialect.read(frame);
    const elapsed = performance.now();
    switch (reading.kind) {
      case 'print': {
        const feed = feeds.get(reading.print.symbol);
        if (feed === undefined || !clock.stated(reading.clock, elapsed)) {
          strange(
            'malformed',
            feed === undefined ? 'a trade of another instrument' : 'a frame from the future',
          );
          return undefined;
        }
        if (complete) clock.streamedAt(reading.clock, elapsed);
        feed.offer(reading.print, reading.clock, received);
        return reading.print.symbol;
      }
      case 'clock':
        if (clock.stated(reading.clock, elapsed) && complete) clock.streamedAt(reading.clock, elapsed);
        return undefined;
      case 'closing':
        wire?.renew('the exchange announced that it closes the connection');
        return undefined;
      case 'refusal':
        log.error({ message: reading.message }, 'the exchange refused our subscription');
        return undefined;
      case 'unknown':
      case 'malformed':
        strange(reading.kind, reading.what);
        return undefined;
      case 'control':
        return undefined;
    }
  }

  function strange(kind: 'malformed' | 'unknown', what: string): void {
    strangeFrames[kind]++;
    for (const feed of feeds.values()) feed.counts.malformed++;
    refused.inc({ venue: dialect.venue, kind });
    // The first of each thousand tells enough.
    if (strangeFrames[kind] % 1_000 === 1)
      log.warn({ kind, what, count: strangeFrames[kind] }, 'a frame was refused');
  }

  /** Whether the last statement about a feed got through: of many failures one is worth a line. */
  let heard = true;
  const state = async (subject: string, status: FeedStatus) => {
    try {
      await bus.publish(subject, status);
      heard = true;
    } catch (error) {
      if (heard && !signal.aborted) log.warn({ err: error }, 'the state of a feed could not be published:');
      heard = false;
    }
  };
  const heartbeats = setInterval(() => {
    const estimate = clock.estimate(performance.now());
    for (const feed of feeds.values()) {
      feed.heartbeat(clock.streamed, estimate);
      void state(subjects.feeds(dialect.venue, feed.symbol), feed.status(Date.now(), wire?.retryAt ?? null));
    }
    const poor = [...feeds.values()].filter((feed) => !feed.healthy);
    const reasons = poor.map((feed) => `${feed.symbol}: ${feed.detail || 'not yet proven alive'}`);
    health.report(
      poor.length === 0 ? 'ok' : poor.length < feeds.size ? 'degraded' : 'down',
      reasons.join('; '),
    );
  }, heartbeatInterval);

  const repairGaps = async () => {
    for (const feed of feeds.values()) feed.repairBehind(await openGaps(store, dialect.venue, feed.symbol));
  };
  const gapWork = () =>
    void repairGaps().catch((error) => log.warn({ error }, 'open gaps could not be read'));
  gapWork();
  const gaps = setInterval(gapWork, gapInterval);
  void checkListed();

  /** A symbol that the venue does not trade would be silent for ever: say so. */
  async function checkListed(): Promise<void> {
    try {
      const listed = new Map((await rest.ask(dialect.instruments())).map((row) => [row.symbol, row.trading]));
      for (const feed of feeds.values()) {
        const trading = listed.get(feed.symbol);
        if (trading === true) continue;
        const detail =
          trading === false
            ? `${feed.symbol} is not trading on ${dialect.venue} now`
            : `${feed.symbol} is no instrument of ${dialect.venue}: remove it from the setting "instruments"`;
        log.error(detail);
        if (trading === undefined) feed.unlisted(detail);
      }
    } catch (error) {
      if (!signal.aborted) log.warn({ error }, 'the list of instruments could not be read');
    }
  }

  return {
    rest,
    async stop() {
      clearInterval(heartbeats);
      clearInterval(gaps);
      wire?.stop();
      // What has arrived is handed over before the bus closes.
      await Promise.race([
        Promise.all([...feeds.values()].map((feed) => feed.drained())),
        // What a bus does not take is fetched again by the next start.
        sleep(drainPatience, undefined, { ref: false }),
      ]);
      stopping.abort();
      health.remove();
    },
  };
}
