import {
  type CheckEndpointAnswer,
  CheckEndpointRequest,
  type EndpointView,
  faultsOf,
  faultText,
  maskedEndpoint,
  subjects,
  type TestEndpointAnswer,
  TestEndpointRequest,
} from '@tandem/common';
import { type Bus, Refusal, type Subscription } from '@tandem/runtime';
import type { z } from 'zod';
import { isTaken } from './core/outcome.ts';
import { testAlert } from './core/test-alert.ts';
import { resolvedFault } from './endpoint-url.ts';
import type { Lookup } from './lookup.ts';
import { type ReplayContext, replay } from './replay.ts';
import type { Sender } from './sender.ts';

export interface RequestsContext extends ReplayContext {
  readonly sender: Sender;
  readonly allowPrivate: boolean;
  readonly lookup: Lookup;
  readonly signal: AbortSignal;
}

/** Serves what can be asked of deliveries over the bus. What is asked for wrongly is refused in one sentence. */
export function serveRequests(bus: Bus, context: RequestsContext): readonly Subscription[] {
  const testing = new Set<string>();
  const methods: Readonly<Record<string, (data: unknown) => Promise<unknown>>> = {
    // Whoever has just written a document and asks about it means the document.
    endpoints: async () => {
      await context.book.refresh();
      return views(context);
    },
    'check-endpoint': (data) => check(context, data),
    'test-endpoint': (data) => test(context, data, testing),
    replay: (data) => replay(context, data),
  };
  return Object.entries(methods).map(([method, answer]) =>
    bus.serve(subjects.rpc('alerter', method), answer),
  );
}

function views({ book, deliverer }: RequestsContext): { endpoints: EndpointView[] } {
  const endpoints = book.all().map((endpoint) => ({
    ...maskedEndpoint(endpoint),
    configured: book.isConfigured(endpoint.id),
    ...deliverer.load(endpoint.id),
  }));
  return { endpoints };
}

async function check(
  { allowPrivate, book, lookup }: RequestsContext,
  data: unknown,
): Promise<CheckEndpointAnswer> {
  const { id, url } = asked(CheckEndpointRequest, 'check', data);
  await book.refresh();
  const fault = id === undefined ? undefined : book.faultOf(id, url);
  return { fault: fault ?? (await resolvedFault(url, allowPrivate, lookup)) ?? null };
}

/** Sends a test once, to one that is disabled too: whoever mends it wants to know. One at a time per endpoint. */
async function test(
  { book, sender, dataset, clock, signal }: RequestsContext,
  data: unknown,
  testing: Set<string>,
): Promise<TestEndpointAnswer> {
  const { endpoint: id } = asked(TestEndpointRequest, 'test', data);
  await book.refresh();
  const endpoint = book.get(id);
  if (endpoint === undefined) throw new Refusal(`there is no endpoint ${JSON.stringify(id)} to test`);
  if (testing.has(id)) throw new Refusal(`the endpoint ${JSON.stringify(id)} is being tested already`);
  testing.add(id);
  try {
    const alert = testAlert(dataset, id, clock());
    const { retryAfter: _, ...attempt } = await sender.send(alert, endpoint, signal);
    return { ...attempt, delivered: isTaken(attempt.status), id: alert.id };
  } finally {
    testing.delete(id);
  }
}

function asked<Schema extends z.ZodType>(schema: Schema, what: string, data: unknown): z.output<Schema> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new Refusal(`the ${what} is refused: ${faultText(faultsOf(parsed.error))}`);
}
