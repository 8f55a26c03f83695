import { latestDeliveries } from '../wire/latest-deliveries.ts';
import { poll } from '../wire/poll.ts';
import { readEndpoints } from '../wire/webhooks.ts';
import { deliveriesPanel } from './deliveries-panel.ts';
import { byId } from './element.ts';
import { endpointEditor } from './endpoint-editor.ts';
import { endpointsPanel } from './endpoints-panel.ts';
import type { Page } from './page.ts';
import { replayPanel } from './replay-panel.ts';

/** Webhooks: who is told of alerts, and what became of each. `changed` asks for a paint. */
export function webhooksPage(changed: () => void): Page {
  const endpoints = poll(readEndpoints, changed);
  const latest = latestDeliveries(changed);
  const rows = () => endpoints.state.value ?? [];
  const editor = endpointEditor(() => endpoints.again());
  const table = endpointsPanel({
    edit: (id) => editor.open(rows().find((row) => row.id === id)),
    renew: () => endpoints.again(),
    changed,
  });
  const deliveries = deliveriesPanel(changed);
  const replay = replayPanel(() => deliveries.renew());
  byId('webhooks-new').addEventListener('click', () => editor.open(undefined));

  function tick(): void {
    endpoints.tick();
    deliveries.tick();
    latest.tick(rows().map(({ id }) => id));
  }

  return {
    show(model) {
      const now = Date.now() + model.offset;
      const ids = rows().map(({ id }) => id);
      // The first look does not wait for the next second.
      if (model.connection.phase === 'open') tick();
      editor.know(rows());
      table.show(endpoints.state, latest, model, now);
      deliveries.show(model, ids, now);
      replay.show(ids, now);
    },
    tick,
  };
}
