import {
  CheckEndpointAnswer,
  Endpoint,
  EndpointId,
  EndpointView,
  endpointsBucket,
  faultsOf,
  faultText,
  maskedEndpoint,
  TestEndpointAnswer,
  unmaskedEndpoint,
} from '@tandem/common';
import { z } from 'zod';
import {
  type AlertingRoute,
  type AlertingSources,
  ask,
  listOf,
  named,
  Refused,
  Revised,
  removal,
  writtenBack,
} from './alerting-route.ts';

/** Reads, writes and tests the receivers of alerts. */
export const endpointRoutes: readonly AlertingRoute[] = [
  {
    verb: 'get',
    path: '/endpoints',
    summary: 'The receivers of alerts, their secrets masked, with how they are doing',
    answer: listOf(EndpointView),
    async respond(_, sources) {
      const endpoints = await endpointsOf(sources);
      const documents = await sources.settings.list(endpointsBucket);
      const revisions = new Map(documents.map(({ key, revision }) => [key, revision]));
      const inForce = new Set(endpoints.map(({ id }) => id));
      // Whoever wants to mend them has to see them.
      const refused = documents.flatMap(({ key, value }) => {
        const document = Endpoint.safeParse(value).data;
        if (document === undefined || inForce.has(key)) return [];
        return [
          { ...maskedEndpoint(document), configured: false, waiting: 0, pausedUntil: null, refused: true },
        ];
      });
      return {
        rows: [...endpoints, ...refused].map((view) => ({
          ...view,
          revision: revisions.get(view.id) ?? 0,
        })),
      };
    },
  },
  {
    verb: 'put',
    path: '/endpoints/:id',
    summary: 'Writes a receiver; what is masked in it stays as it is',
    body: Endpoint,
    answer: Revised,
    async respond({ id, revision, body }, sources) {
      const { settings } = sources;
      const stored = Endpoint.safeParse((await settings.get(endpointsBucket, named(EndpointId, id)))?.value);
      const { document: given, from } = writtenBack(body, revision);
      const edited = { id, ...(unmaskedEndpoint(withoutView(given), stored.data) as object) };
      const parsed = Endpoint.safeParse(edited);
      if (!parsed.success) {
        throw new Refused(400, `The endpoint is refused: ${faultText(faultsOf(parsed.error))}.`);
      }
      if (parsed.data.id !== id)
        throw new Refused(400, `The endpoint is refused: id: must be ${JSON.stringify(id)}.`);
      const asked = { id, url: parsed.data.url };
      const { fault } = await ask(sources, 'check-endpoint', CheckEndpointAnswer, asked);
      if (fault !== null) throw new Refused(422, `The endpoint is refused: it ${fault}.`);
      const { disabled: _, ...enabled } = parsed.data;
      // Whoever switches it on again has mended it.
      const document = parsed.data.enabled ? enabled : parsed.data;
      const entry = await settings.put(endpointsBucket, id, document, from);
      return { ...maskedEndpoint(document), revision: entry.revision };
    },
  },
  removal('/endpoints/:id', 'Deletes a receiver', EndpointId, endpointsBucket),
  {
    verb: 'post',
    path: '/endpoints/:id/test',
    summary: 'Sends a marked test alert once',
    answer: TestEndpointAnswer,
    respond: ({ id }, sources) => ask(sources, 'test-endpoint', TestEndpointAnswer, { endpoint: id }),
  },
];

/** The receivers that are in force, as the alerter shows them. */
export async function endpointsOf(sources: AlertingSources) {
  // Masked: no endpoint by the letter of its schema.
  const Views = z.object({ endpoints: z.array(z.looseObject({ id: z.string() })) });
  return (await ask(sources, 'endpoints', Views, {})).endpoints;
}

/** Without what is only shown: how a receiver is doing is nothing that an edit could change. */
function withoutView(given: object): object {
  const {
    configured: _,
    waiting: __,
    pausedUntil: ___,
    refused: ____,
    ...document
  } = given as Record<string, unknown>;
  return document;
}
