import { type Finding, ok, problem, warning } from './finding.ts';

const megabyte = 1024 * 1024;
/** A day of ten busy instruments takes some hundred megabytes. */
const comfortableSpace = 2_048 * megabyte;
const leastSpace = 100 * megabyte;
/** Times in the store are the exchange's own; a wrong clock spoils latencies and what is called late, ms. */
const tolerableOffset = 1_000;
const leastNode = [20, 19] as const;

/** Whether this Node runs Tandem; `version` as Node says it, for example `20.19.4`. */
export function judgeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const enough = major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1]);
  return enough
    ? ok('Node.js', version)
    : problem('Node.js', `${version} is too old`, `install ${leastNode.join('.')} or later`);
}

/** Whether the disk that holds the data has room, in bytes. */
export function judgeSpace(free: number): Finding {
  const said =
    free >= 10 * 1024 * megabyte
      ? `${Math.floor(free / 1024 / megabyte)} GB free`
      : `${Math.floor(free / megabyte)} MB free`;
  const mend = 'make room, or point TANDEM_DATA to a larger disk';
  if (free < leastSpace) return problem('free space', said, mend);
  return free < comfortableSpace ? warning('free space', said, mend) : ok('free space', said);
}

/**
 * How far this machine's clock is from the exchange's: `served` is what it answered to a question that was sent at
 * `sent` and answered at `received`, all ms. Half the way there and back is the best guess of the way back.
 */
export function judgeClock(venue: string, served: number, sent: number, received: number): Finding {
  const what = `${venue} clock`;
  const offset = Math.round((sent + received) / 2 - served);
  const error = Math.ceil((received - sent) / 2);
  const detail = `this machine is ${Math.abs(offset)} ms ${offset < 0 ? 'behind' : 'ahead of'} the exchange (±${error} ms)`;
  return Math.abs(offset) - error > tolerableOffset
    ? warning(what, detail, 'set the clock by NTP; bars stay right, latencies and lateness do not')
    : ok(what, detail);
}

/** What a status of the venue's REST side means; `took` is in ms. */
export function judgeAnswer(venue: string, status: number, took: number): Finding {
  const what = `${venue} REST`;
  const said = `answered ${status} in ${Math.round(took)} ms`;
  if (status >= 200 && status < 300) return ok(what, said);
  const mend =
    status === 451 || status === 403
      ? 'the exchange refuses this location or network; choose another venue (TANDEM_FEED) or its other address in the settings'
      : status === 429 || status === 418
        ? 'this address has asked too much; wait some minutes'
        : status >= 500
          ? 'the exchange has trouble; try again later'
          : 'check the REST address in the settings';
  return problem(what, said, mend);
}

/** Whether the watched symbols exist and trade; `listed` tells of each symbol of the venue whether it trades. */
export function judgeInstruments(
  venue: string,
  symbols: readonly string[],
  listed: ReadonlyMap<string, boolean>,
): Finding {
  const what = `${venue} instruments`;
  const unknown = symbols.filter((symbol) => !listed.has(symbol));
  const resting = symbols.filter((symbol) => listed.get(symbol) === false);
  const rest = resting.length > 0 ? `${resting.join(', ')} not trading now` : '';
  if (unknown.length > 0) {
    const detail = [`${unknown.join(', ')} not known to ${venue}`, rest].filter(Boolean).join('; ');
    return problem(what, detail, 'remove it from TANDEM_INSTRUMENTS and TANDEM_PAIRS');
  }
  if (rest !== '') return warning(what, rest, 'wait for its session, or watch something else');
  return ok(what, `${symbols.join(', ')} trade`);
}

/** Whether gaps can be repaired far enough: single fills of USD-M are listed by id to key holders only. */
export function judgeKey(stream: string, hasKey: boolean): Finding {
  const what = 'binance-usdm API key';
  if (stream !== 'trade') return ok(what, 'not needed for aggTrade');
  if (hasKey) return ok(what, 'set');
  return warning(
    what,
    'not set: gaps of "trade" longer than 1,000 fills stay open',
    'set TANDEM_BINANCE_API_KEY, or use TANDEM_STREAM=aggTrade',
  );
}

/** What was seen of a venue's trade stream. */
export interface StreamSeen {
  /** ms until the handshake was done; undefined if it was not. */
  readonly connected?: number;
  /** ms from then to the first trade; undefined if none came. */
  readonly firstTrade?: number;
  /** Why there is no connection. */
  readonly reason?: string;
  /** Whether REST listed newer trades while the stream was listened to; undefined if it could not be asked. */
  readonly tradedMeanwhile?: boolean;
}

/** Whether trades come. That a subscription is acknowledged proves nothing: on a wrong path it stays silent for ever. */
export function judgeStream(venue: string, symbol: string, seen: StreamSeen): Finding {
  const what = `${venue} stream`;
  if (seen.connected === undefined) {
    const mend = 'check the network, a proxy or firewall for WebSockets, and the address in the settings';
    return problem(what, `no connection (${seen.reason ?? 'no answer'})`, mend);
  }
  const connected = `connected in ${Math.round(seen.connected)} ms`;
  if (seen.firstTrade !== undefined)
    return ok(what, `${connected}, first trade of ${symbol} ${Math.round(seen.firstTrade)} ms later`);
  const silent = `${connected}, but no trade of ${symbol} came`;
  if (seen.reason !== undefined)
    return problem(what, `${silent} (${seen.reason})`, 'check the address in the settings');
  if (seen.tradedMeanwhile === true) {
    return problem(
      what,
      `${silent} although REST lists new ones`,
      'check that the address has no path of its own, and what stands between (proxy, VPN)',
    );
  }
  return warning(what, silent, 'the market may be quiet; look again later');
}
