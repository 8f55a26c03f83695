import {
  Acknowledgement,
  AcknowledgeRequest,
  acknowledgementsBucket,
  instrumentSlug,
  ReplayAnswer,
  ReplayRequest,
  rulesBucket,
  Silence,
  SilenceRequest,
  silencesBucket,
} from '@tandem/common';
import {
  type AlertingRoute,
  type AlertingSources,
  ask,
  Gone,
  listOf,
  objectOf,
  Refused,
} from './alerting-route.ts';
import { endpointRoutes } from './endpoint-routes.ts';
import { ruleRoutes } from './rule-routes.ts';

/** Everything that alerts are made of: rules, receivers, silences, acknowledgements, and what is sent again. */
export const alertingRoutes: readonly AlertingRoute[] = [
  ...ruleRoutes,
  ...endpointRoutes,
  {
    verb: 'post',
    path: '/deliveries/replay',
    summary: 'Queues deliveries again under the same id: one, or those of a range of bar times',
    body: ReplayRequest,
    answer: ReplayAnswer,
    respond: ({ body }, sources) => ask(sources, 'replay', ReplayAnswer, body),
  },
  {
    verb: 'get',
    path: '/silences',
    summary: 'Silences: alerts that are stored and shown but not delivered for a while',
    answer: listOf(Silence),
    respond: async (_, { settings }) => ({
      rows: (await settings.list(silencesBucket)).map(({ value }) => value),
    }),
  },
  {
    verb: 'post',
    path: '/silences',
    summary: 'Begins a silence, which always ends',
    body: SilenceRequest,
    answer: Silence,
    async respond({ body }, sources) {
      await refuseUnknown(objectOf(body), sources);
      return ask(sources, 'silence', Silence, body);
    },
  },
  {
    verb: 'delete',
    path: '/silences/:id',
    summary: 'Ends a silence at once',
    answer: Gone,
    respond: ({ id }, sources) => ask(sources, 'unsilence', Gone, { id }),
  },
  {
    verb: 'post',
    path: '/alerts/:id/acknowledge',
    summary: 'Notes that somebody takes care of an alert',
    body: AcknowledgeRequest.omit({ alert: true }),
    answer: Acknowledgement,
    respond: ({ id, body }, sources) =>
      ask(sources, 'acknowledge', Acknowledgement, { ...objectOf(body), alert: id }),
  },
  {
    verb: 'get',
    path: '/acknowledgements',
    summary: 'Who takes care of which alert, by the time of saying so, ascending',
    answer: listOf(Acknowledgement),
    async respond(_, { settings }) {
      const documents = await settings.list(acknowledgementsBucket);
      const rows = documents.flatMap(({ value }) => Acknowledgement.safeParse(value).data ?? []);
      return { rows: rows.sort((one, other) => one.at - other.at) };
    },
  },
];

/** A silence of what there is not would keep nobody quiet, and nobody would know why. */
async function refuseUnknown({ rule, study }: { rule?: unknown; study?: unknown }, sources: AlertingSources) {
  const { settings, studies, instruments } = sources;
  const refuse = (field: string, name: unknown) => {
    const reason = `${field}: there is no ${field} ${JSON.stringify(name)}`;
    throw new Refused(422, `The silence is refused: ${reason}.`);
  };
  const known = [...studies().map(({ id }) => id), ...instruments().map(instrumentSlug)];
  if (typeof study === 'string' && !known.includes(study)) refuse('study', study);
  if (typeof rule !== 'string') return;
  const rules = (await settings.list(rulesBucket)).map(({ key }) => key);
  if (!rules.includes(rule)) refuse('rule', rule);
}
