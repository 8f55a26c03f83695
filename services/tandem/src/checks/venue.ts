import type { VenueOptions } from '@tandem/ingestor';
import type { TandemConfiguration } from '@tandem/runtime';
import { type Finding, ok, problem } from './finding.ts';
import { firstTrade } from './first-trade.ts';
import { judgeAnswer, judgeClock, judgeInstruments, judgeKey, judgeStream } from './judgement.ts';
import { ask } from './web.ts';

type Question<Answer> = { readonly path: string; read(body: unknown): Answer };

/** What a venue answered, read; or the line that says why it cannot be used. */
type Heard<Value> = { readonly value: Value } | { readonly finding: Finding };

/** Everything that a live feed of one venue needs: REST, clock, instruments, trades on the stream, the key. */
export async function checkVenue(
  configuration: TandemConfiguration,
  options: VenueOptions,
): Promise<Finding[]> {
  const { dialect, restBase, symbols } = options;
  const { venue } = dialect;
  const [symbol = ''] = symbols;
  const sent = Date.now();
  const time = dialect.time();
  const answer = await ask(restBase + time.path, dialect.headers);
  const received = Date.now();
  const findings: Finding[] = [];
  if (answer.kind === 'none')
    findings.push(
      problem(
        `${venue} REST`,
        `${restBase} did not answer (${answer.reason})`,
        'check the network, a proxy, and the address in the settings',
      ),
    );
  else findings.push(judgeAnswer(venue, answer.status, answer.took));
  const up = findings.every(({ outcome }) => outcome === 'ok');
  if (answer.kind === 'answer' && up)
    findings.push(clockOf(venue, () => time.read(answer.body), sent, received));
  const [stream, listed] = await Promise.all([
    streamOf(options, symbol, up),
    up ? hear(options, `${venue} instruments`, dialect.instruments()) : undefined,
  ]);
  if (listed !== undefined) {
    findings.push(
      'finding' in listed
        ? listed.finding
        : judgeInstruments(venue, symbols, new Map(listed.value.map((row) => [row.symbol, row.trading]))),
    );
  }
  findings.push(judgeStream(venue, symbol, stream));
  if (venue === 'binance-usdm') findings.push(await keyOf(configuration, options, symbol, up));
  return findings;
}

function clockOf(venue: string, read: () => number, sent: number, received: number): Finding {
  try {
    return judgeClock(venue, read(), sent, received);
  } catch {
    return problem(
      `${venue} clock`,
      'the answer is not what the exchange documents',
      'check the REST address in the settings',
    );
  }
}

/** Listens, and asks REST before and after: only so is a quiet market told from a silent stream. */
async function streamOf(options: VenueOptions, symbol: string, up: boolean) {
  const { dialect, streamBase } = options;
  const headId = async () => {
    const head = up ? await hear(options, '', dialect.head(symbol)) : undefined;
    return head !== undefined && 'value' in head ? head.value?.id : undefined;
  };
  const [before, seen] = await Promise.all([headId(), firstTrade(dialect, streamBase, symbol)]);
  if (seen.connected === undefined || seen.firstTrade !== undefined || before === undefined) return seen;
  const after = await headId();
  return after === undefined ? seen : { ...seen, tradedMeanwhile: after > before };
}

/** A key that the exchange does not take is worse than none: it looks as if gaps could be repaired. */
async function keyOf(
  { stream, binanceApiKey }: TandemConfiguration,
  options: VenueOptions,
  symbol: string,
  up: boolean,
): Promise<Finding> {
  const said = judgeKey(stream, binanceApiKey !== undefined);
  if (stream !== 'trade' || binanceApiKey === undefined || !up) return said;
  const heard = await hear(options, said.what, options.dialect.page(symbol, 0));
  if ('value' in heard) return ok(said.what, 'set, and taken by the exchange');
  return { ...heard.finding, mend: 'mend TANDEM_BINANCE_API_KEY, or use TANDEM_STREAM=aggTrade' };
}

async function hear<Value>(
  { dialect, restBase }: VenueOptions,
  what: string,
  question: Question<Value>,
): Promise<Heard<Value>> {
  const answer = await ask(restBase + question.path, dialect.headers);
  const refuse = (detail: string) => ({ finding: problem(what, detail, 'try again later') });
  if (answer.kind === 'none') return refuse(`no answer (${answer.reason})`);
  if (answer.status !== 200)
    return refuse(`answered ${answer.status} ${JSON.stringify(answer.body)?.slice(0, 120) ?? ''}`.trim());
  try {
    return { value: question.read(answer.body) };
  } catch (error) {
    return refuse(`the answer is not what the exchange documents (${(error as Error).message})`);
  }
}
