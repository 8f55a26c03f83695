import { Endpoint, endpointsBucket, liveDataset, parseInstrument, Rule, rulesBucket } from '@tandem/common';
import type { ServiceContext } from '@tandem/runtime';
import type { Newest } from './newest.ts';
import { type ApiOptions, type PartStatus, present } from './options.ts';
import type { OtherProcesses } from './other-processes.ts';
import type { Stream } from './stream.ts';
import { judgedDeliveries, webhookStatus } from './webhooks.ts';

/** How long an answer of the store or the bus stands for the next who asks, ms. */
const probeLife = 1_000;
const probeTimeout = 2_000;

/** Asks the store and the bus how they are; many screens that poll cost one question a second. */
export function partsOf(
  context: ServiceContext,
  options: ApiOptions,
): () => Promise<Record<string, PartStatus>> {
  const store = probe(() =>
    context.store.query('alerts', { where: { dataset: options.dataset }, order: 'descending', limit: 1 }),
  );
  const bus = probe(() => context.bus.last('feeds.sim.PROBE'));
  const begun = Date.now();
  let judged: PartStatus | undefined;
  const judging = probe(async () => {
    const rows = await judgedDeliveries(context.store, options.dataset, Date.now());
    const documents = await context.settings.list(endpointsBucket);
    const endpoints = documents.flatMap(({ value }) => Endpoint.safeParse(value).data ?? []);
    judged = webhookStatus(rows, endpoints, Date.now(), begun);
  });
  const webhooks = async (): Promise<PartStatus> => {
    const looked = await judging();
    if (looked.state === 'ok' && judged !== undefined) return judged;
    return { ...looked, detail: `it cannot be read how they are: ${looked.detail}` };
  };
  const all = async (): Promise<Record<string, PartStatus>> => {
    const [busPart, storePart] = await Promise.all([bus(), store()]);
    const asked = { bus: busPart, store: storePart };
    // A store that is down is said once; the webhooks are then unknown.
    const sent: Record<string, PartStatus> =
      asked.store.state === 'down' ? {} : { webhooks: await webhooks() };
    return { ...asked, ...sent, ...reported(context), ...options.services?.() };
  };
  let newest: { at: number; answer: Promise<Record<string, PartStatus>> } | undefined;
  return () => {
    const now = Date.now();
    if (newest === undefined || now - newest.at > probeLife) newest = { at: now, answer: all() };
    return newest.answer;
  };
}

/** What the services of this process have reported. */
function reported({ health }: ServiceContext): Record<string, PartStatus> {
  const at = Date.now();
  return Object.fromEntries(
    health.read().parts.map(({ part, condition, reason, age }) => {
      return [part, { state: condition, detail: reason, at, since: Math.round(at - age) }];
    }),
  );
}

/** The rules as they are written at present, which may be others than those of the configuration; as last known where the settings cannot be read. */
export function rulesOf(
  { settings, log }: Pick<ServiceContext, 'settings' | 'log'>,
  options: Pick<ApiOptions, 'dataset' | 'rules'>,
): () => Promise<readonly Rule[]> {
  if (options.dataset !== liveDataset) return async () => present(options.rules);
  let known: readonly Rule[] = [];
  let readable = true;
  return async () => {
    try {
      const documents = await inTime(() => settings.list(rulesBucket));
      known = documents.flatMap(({ value }) => Rule.safeParse(value).data ?? []);
      readable = true;
    } catch (fault) {
      // Screens ask every few seconds: of a run of failures the first tells enough.
      if (readable)
        log.warn({ err: fault }, 'the rules cannot be read, and are shown as they were known last:');
      readable = false;
    }
    return known;
  };
}

/** Everything that a screen needs before its first number. */
export function statusOf(
  options: ApiOptions,
  stream: Stream,
  parts: () => Promise<Record<string, PartStatus>>,
  others: OtherProcesses,
  rules: () => Promise<readonly Rule[]>,
): () => Promise<object> {
  return async () => {
    // Asked first: the time of the answer is the time at which it leaves.
    const [own, written] = await Promise.all([parts(), rules()]);
    const services = { ...others.parts(Date.now()), ...own };
    return {
      badge: present(options.badge),
      dataset: options.dataset,
      version: options.version,
      at: Date.now(),
      services,
      feeds: stream.feeds(),
      instruments: present(options.instruments),
      studies: present(options.studies),
      rules: written,
      clients: stream.clients(),
    };
  };
}

/** Fills the stream's memory with what was said while this process did not listen. */
export async function seed(context: ServiceContext, options: ApiOptions, known: Newest): Promise<void> {
  const subjects = [
    ...present(options.studies).map((study) => `analytics.${study.id}`),
    ...present(options.instruments).flatMap((instrument) => {
      const parts = parseInstrument(instrument);
      return parts === undefined ? [] : [`feeds.${parts.venue}.${parts.symbol}`];
    }),
  ];
  // Whatever is not found now is shown when it is said next.
  const missed: unknown[] = [];
  const miss = (fault: unknown) => void missed.push(fault);
  for (const subject of subjects) {
    const last = await context.bus.last(subject).catch(miss);
    if (last) known.seed(subject, last.data);
  }
  await context.store.settled('analytics').catch(() => undefined);
  for (const study of present(options.studies)) {
    const where = { dataset: options.dataset, study: study.id };
    const rows = await context.store.query('analytics', { where, order: 'descending', limit: 1 }).catch(miss);
    if (rows?.[0] !== undefined) known.seed(`analytics.${study.id}`, rows[0]);
  }
  if (missed.length > 0) {
    context.log.warn(
      { err: missed[0], failed: missed.length },
      'what was said while nobody listened could not be had:',
    );
  }
}

function probe(ask: () => Promise<unknown>): () => Promise<PartStatus> {
  let known: PartStatus | undefined;
  return async () => {
    const detail = await faultOf(ask);
    const at = Date.now();
    const state = detail === '' ? 'ok' : 'down';
    known = { state, detail, at, since: known?.state === state ? known.since : at };
    return known;
  };
}

/** Why a question is not answered in time, or nothing. */
async function faultOf(ask: () => Promise<unknown>): Promise<string> {
  try {
    await inTime(ask);
    return '';
  } catch (fault) {
    return fault instanceof Error ? fault.message.split('\n')[0]! : 'unknown fault';
  }
}

/** Settings wait long for a server that is away: whoever asks how things are must be told that it is, not wait as well. */
async function inTime<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${probeTimeout} ms`)), probeTimeout);
  });
  try {
    return await Promise.race([ask(), late]);
  } finally {
    clearTimeout(timer);
  }
}
