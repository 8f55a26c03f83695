import { type Delivery, DeliveryState } from '@tandem/common';
import { type DeliveryFilter, type DeliveryPage, deliveryKey } from '../state/delivery-page.ts';
import type { Model } from '../state/model.ts';
import type { Polled } from '../state/polled.ts';
import { poll } from '../wire/poll.ts';
import { faultSentence } from '../wire/rest.ts';
import { readDeliveries, replayDeliveries } from '../wire/webhooks.ts';
import { countWords } from '../words/delivery.ts';
import { noDeliveries, pageWords } from '../words/delivery-page.ts';
import { polledWords, sentence } from '../words/polled.ts';
import { replayedOne } from '../words/replay.ts';
import { showChoices } from './choices.ts';
import {
  changeDeliveryRow,
  changeHistory,
  type DeliveryFacts,
  makeDeliveryRow,
  makeHistory,
} from './delivery-row.ts';
import { byId, keyed, setAttribute, setText } from './element.ts';
import { say } from './said.ts';

export interface DeliveriesPanel {
  show(model: Model, endpoints: readonly string[], now: number): void;
  tick(): void;
  /** Asks again at once: something was queued. */
  renew(): void;
}

interface Line {
  readonly delivery: Delivery;
  readonly history: boolean;
}

/** The table of deliveries with its filters and pages. Only its newest page is renewed by itself. */
export function deliveriesPanel(changed: () => void): DeliveriesPanel {
  const byEndpoint = byId('webhooks-by-endpoint') as HTMLSelectElement;
  const byState = byId('webhooks-by-state') as HTMLSelectElement;
  const newest = byId('webhooks-newest') as HTMLButtonElement;
  const newer = byId('webhooks-newer') as HTMLButtonElement;
  const older = byId('webhooks-older') as HTMLButtonElement;
  /** The bar times before which the pages beyond the newest lie. */
  let pages: readonly number[] = [];
  let filter: DeliveryFilter = { endpoint: undefined, state: undefined };
  const open = new Set<string>();
  const replays = new Map<string, string>();
  const listed = poll(() => readDeliveries(filter, pages.at(-1)), changed);

  function go(to: readonly number[]): void {
    pages = to;
    listed.restart();
    changed();
  }

  function choose(): void {
    filter = {
      endpoint: byEndpoint.value === '' ? undefined : byEndpoint.value,
      state: DeliveryState.safeParse(byState.value).data,
    };
    go([]);
  }

  function toggle(key: string): void {
    if (!open.delete(key)) open.add(key);
    changed();
  }

  async function replay(which: Pick<Delivery, 'alert' | 'endpoint'>): Promise<void> {
    const key = deliveryKey(which);
    replays.set(key, 'asking …');
    changed();
    const words = await replayDeliveries(which).then(
      replayedOne,
      (fault) => `not queued: ${sentence(faultSentence(fault))}`,
    );
    replays.set(key, words);
    say(`Replay of ${which.alert} to ${which.endpoint}: ${words}`);
    void listed.again();
    changed();
  }

  byEndpoint.addEventListener('change', choose);
  byState.addEventListener('change', choose);
  newest.addEventListener('click', () => go([]));
  newer.addEventListener('click', () => go(pages.slice(0, -1)));
  older.addEventListener('click', () => {
    const before = listed.state.value?.older;
    if (before !== undefined) go([...pages, before]);
  });

  function showPage(state: Polled<DeliveryPage>, connected: boolean): void {
    const page = state.value;
    const filtered = filter.endpoint !== undefined || filter.state !== undefined;
    const none = page?.rows.length === 0 ? noDeliveries(filtered, pages.length > 0) : '';
    setText(byId('webhooks-deliveries-note'), polledWords('deliveries', state, connected) ?? none);
    setText(byId('webhooks-counts'), page === undefined ? '' : countWords(page.rows));
    setText(byId('webhooks-page'), pageWords(page, pages.at(-1)));
    setAttribute(byId('webhooks-deliveries'), 'aria-busy', String(listed.outdated));
    byId('webhooks-deliveries').hidden = (page?.rows.length ?? 0) === 0;
    newest.disabled = pages.length === 0;
    newer.disabled = pages.length === 0;
    older.disabled = page?.older === undefined;
  }

  return {
    show(model, endpoints, now) {
      const { state } = listed;
      // Of an endpoint that was deleted its deliveries stay.
      const told = state.value?.rows.map(({ endpoint }) => endpoint) ?? [];
      showChoices(byEndpoint, 'all', [...new Set([...endpoints, ...told])].sort());
      showChoices(byState, 'all', DeliveryState.options);
      showPage(state, model.connection.phase === 'open');
      const facts: DeliveryFacts = {
        alerts: new Map(model.alerts.map((alert) => [alert.id, alert])),
        studies: model.status?.studies ?? [],
        now,
        open,
        replays,
      };
      const lines = (state.value?.rows ?? []).flatMap((delivery): Line[] => {
        const row = { delivery, history: false };
        return open.has(deliveryKey(delivery)) ? [row, { delivery, history: true }] : [row];
      });
      keyed(
        byId('webhooks-delivery-rows'),
        lines,
        ({ delivery, history }) => `${deliveryKey(delivery)}${history ? ' history' : ''}`,
        ({ delivery, history }) =>
          history
            ? makeHistory()
            : makeDeliveryRow(delivery, { toggle, replay: (which) => void replay(which) }),
        (node, { delivery, history }) =>
          history ? changeHistory(node, delivery, facts) : changeDeliveryRow(node, delivery, facts),
      );
    },
    tick() {
      // An older page stands still, so that it can be read; what fails is asked for again.
      if (pages.length === 0 || listed.state.fault !== undefined) listed.tick();
    },
    renew: () => listed.again(),
  };
}
