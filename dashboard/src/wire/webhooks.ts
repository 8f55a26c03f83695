import { Delivery, ReplayAnswer, type ReplayRequest, TestEndpointAnswer } from '@tandem/common';
import { z } from 'zod';
import {
  type DeliveryFilter,
  type DeliveryPage,
  deliveriesPath,
  deliveryPage,
} from '../state/delivery-page.ts';
import { EndpointRow } from '../state/endpoint-row.ts';
import { deleteDocument, saveDocument } from './documents.ts';
import { ask } from './rest.ts';

const Endpoints = z.object({ rows: z.array(EndpointRow) });
const Deliveries = z.object({ rows: z.array(Delivery), more: z.boolean() });
const Saved = z.looseObject({ id: z.string(), revision: z.number() });

/** A receiver may take its time; the server gives up on it before this, ms. */
const testPatience = 40_000;
const replayPatience = 60_000;

const pathOf = (id: string) => `/endpoints/${encodeURIComponent(id)}`;

export async function readEndpoints(): Promise<EndpointRow[]> {
  const { rows } = await ask('/endpoints', Endpoints);
  return rows;
}

/** `revision` is the one that the document was made from, 0 for a new one. */
export function saveEndpoint(document: { readonly id?: unknown }, revision: number) {
  return saveDocument(pathOf(String(document.id)), Saved, document, revision);
}

export function deleteEndpoint(id: string, revision: number): Promise<void> {
  return deleteDocument(pathOf(id), revision);
}

export function testEndpoint(id: string) {
  const signal = AbortSignal.timeout(testPatience);
  return ask(`${pathOf(id)}/test`, TestEndpointAnswer, { method: 'POST', signal });
}

/** The deliveries of the bars before `before`; the newest where that is undefined. */
export async function readDeliveries(
  filter: DeliveryFilter,
  before: number | undefined,
): Promise<DeliveryPage> {
  return deliveryPage(await ask(deliveriesPath(filter, before), Deliveries));
}

/** The newest few deliveries of one endpoint. */
export async function readLatest(endpoint: string): Promise<Delivery[]> {
  const { rows } = await ask(deliveriesPath({ endpoint, state: undefined }, undefined, 20), Deliveries);
  return rows;
}

export function replayDeliveries(document: ReplayRequest): Promise<ReplayAnswer> {
  const signal = AbortSignal.timeout(replayPatience);
  return ask('/deliveries/replay', ReplayAnswer, { method: 'POST', document, signal });
}
