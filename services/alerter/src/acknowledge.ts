import {
  Acknowledgement,
  AcknowledgeRequest,
  acknowledgementKey,
  acknowledgementsBucket,
  faultsOf,
  faultText,
} from '@tandem/common';
import { Refusal, type ServiceContext, StaleWrite } from '@tandem/runtime';

/** How long an acknowledgement is remembered, ms: as long as alerts are kept. */
const remembered = 400 * 24 * 60 * 60_000;

/** Notes that somebody has seen an alert. Who was first stays: a second is told by whom it was acknowledged. */
export async function acknowledge(
  context: Pick<ServiceContext, 'settings' | 'store' | 'clock'>,
  dataset: string,
  given: unknown,
): Promise<Acknowledgement> {
  const request = AcknowledgeRequest.safeParse(given);
  if (!request.success) throw refusal(faultText(faultsOf(request.error)));
  const { settings, store, clock = Date.now } = context;
  const { alert, by, comment } = request.data;
  await store.settled('alerts');
  const [row] = await store.query('alerts', { where: { dataset, id: alert }, limit: 1 });
  if (row === undefined) throw refusal(`there is no alert ${JSON.stringify(alert)}`);
  const key = acknowledgementKey(alert);
  const document: Acknowledgement = { alert, by, at: clock(), comment };
  try {
    await settings.put(acknowledgementsBucket, key, document, 0);
  } catch (error) {
    if (!(error instanceof StaleWrite)) throw error;
    const entry = await settings.get(acknowledgementsBucket, key);
    const first = Acknowledgement.safeParse(entry?.value).data;
    if (first !== undefined && first.by === by) return first;
    throw refusal(`${first?.by ?? 'somebody'} has acknowledged it already`);
  }
  return document;
}

/** Forgets acknowledgements of alerts that are not kept any more. */
export async function forgetAcknowledgements({
  settings,
  clock = Date.now,
}: Pick<ServiceContext, 'settings' | 'clock'>): Promise<void> {
  for (const { key, value } of await settings.list(acknowledgementsBucket)) {
    const known = Acknowledgement.safeParse(value).data;
    if (known !== undefined && known.at + remembered <= clock())
      await settings.delete(acknowledgementsBucket, key);
  }
}

function refusal(why: string): Refusal {
  return new Refusal(`the acknowledgement is refused: ${why}`);
}
