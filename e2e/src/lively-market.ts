import { market, type Simulator, startSimulator } from '@tandem/simulator';
import { type Environment, scratch, Tandem } from './tandem.ts';

/** A Tandem that takes a simulated exchange for a real one, and whose rule on bars of a second soon fires. */
export interface LivelyMarket {
  readonly exchange: Simulator;
  readonly tandem: Tandem;
  /** Ends both and removes their data. */
  end(): Promise<void>;
}

/** So many orders a second that hardly one is without a trade: a thin market would forbid entries for minutes. */
const busy = { BTCUSDT: 20, ETHUSDT: 20 };

/** Prepares it without starting Tandem: a browser may look before. */
export async function livelyMarket(settings: Environment = {}): Promise<LivelyMarket> {
  const directory = await scratch();
  const exchange = await startSimulator({ history: market(7, { rates: busy }), venue: 'binance-usdm' });
  const tandem = new Tandem({
    FEED: 'binance-usdm',
    INSTRUMENTS: 'BTCUSDT,ETHUSDT',
    WINDOWS: '1s=20,1m=20,5m=20',
    BINANCE_USDM_WS: exchange.wsUrl,
    BINANCE_USDM_REST: exchange.restUrl,
    BINANCE_API_KEY: 'key',
    WARM_START: 'false',
    RULE_INTERVALS: '1s',
    RULE_Z: '1',
    RULE_BARS: '1',
    RULE_CORRELATION: '-1',
    RULE_COOLDOWN: '0',
    DATA: directory.path,
    PORT: '0',
    LOG_FORMAT: 'json',
    LOG_LEVEL: 'warn',
    ...settings,
  });
  return {
    exchange,
    tandem,
    async end() {
      await tandem.stop();
      await exchange.stop();
      await directory.remove();
    },
  };
}
