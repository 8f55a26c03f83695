import type { Rule } from '@tandem/common';
import type { EndpointRow } from '../state/endpoint-row.ts';
import type { Model } from '../state/model.ts';
import type { Polled } from '../state/polled.ts';
import type { LatestDeliveries } from '../wire/latest-deliveries.ts';
import { faultSentence } from '../wire/rest.ts';
import { deleteEndpoint, testEndpoint } from '../wire/webhooks.ts';
import { deletionWords, testWords } from '../words/endpoint.ts';
import { polledWords, sentence } from '../words/polled.ts';
import { byId, element, keyed, setText } from './element.ts';
import { changeEndpointRow, makeEndpointRow } from './endpoint-row.ts';
import { say } from './said.ts';

/** What is said below an endpoint's row, and whether its deletion is to be confirmed there. */
interface Below {
  readonly words: string;
  readonly confirm: boolean;
}

type Line = { readonly row: EndpointRow } & ({ readonly kind: 'row' } | ({ readonly kind: 'below' } & Below));

export interface EndpointsPanel {
  show(endpoints: Polled<readonly EndpointRow[]>, latest: LatestDeliveries, model: Model, now: number): void;
}

/** The table of endpoints. `edit` opens the editor, `renew` asks the server again. */
export function endpointsPanel(actions: {
  edit(id: string): void;
  renew(): void;
  changed(): void;
}): EndpointsPanel {
  const body = byId('webhooks-endpoint-rows');
  const below = new Map<string, Below>();
  const testing = new Set<string>();
  /** The endpoint whose question was just put: the focus goes to the answer that does no harm. */
  let asking: string | undefined;
  let rows: readonly EndpointRow[] = [];
  let rules: readonly Rule[] = [];

  function tell(id: string, words: string): void {
    below.set(id, { words, confirm: false });
    say(words);
    actions.changed();
  }

  async function test(id: string): Promise<void> {
    if (testing.has(id)) return;
    testing.add(id);
    below.delete(id);
    actions.changed();
    const words = await testEndpoint(id).then(testWords, (fault) => `No test: ${faultSentence(fault)}`);
    testing.delete(id);
    tell(id, words);
    actions.renew();
  }

  function confirm(id: string): void {
    const row = rows.find((one) => one.id === id);
    if (row === undefined) return;
    below.set(id, { words: deletionWords(row, rules), confirm: true });
    asking = id;
    actions.changed();
  }

  async function remove(id: string): Promise<void> {
    const row = rows.find((one) => one.id === id);
    if (row === undefined) return;
    try {
      await deleteEndpoint(id, row.revision);
      below.delete(id);
      say(`${id} is deleted.`);
      byId('webhooks-new').focus();
    } catch (fault) {
      tell(id, `Not deleted: ${sentence(faultSentence(fault))}`);
    }
    actions.renew();
  }

  function keep(id: string): void {
    below.delete(id);
    // The focus is where it came from before the question goes.
    body.querySelector<HTMLElement>(`[data-key="${id}"] .actions button:last-child`)?.focus();
    actions.changed();
  }

  function makeBelow({ row: { id } }: Line): HTMLElement {
    const remover = element('button', { type: 'button', class: 'danger' }, `Delete ${id}`);
    const keeper = element('button', { type: 'button' }, 'Keep it');
    remover.addEventListener('click', () => void remove(id));
    keeper.addEventListener('click', () => keep(id));
    const cell = element('td', { colspan: '10', role: 'cell' }, element('p'), remover, keeper);
    return element('tr', { role: 'row', class: 'below' }, cell);
  }

  function changeBelow(node: HTMLElement, { words, confirm }: Below): void {
    const [text, remover, keeper] = node.firstElementChild!.children as unknown as HTMLElement[];
    setText(text!, words);
    for (const button of [remover!, keeper!]) button.hidden = !confirm;
  }

  return {
    show(endpoints, latest, model, now) {
      rows = endpoints.value ?? [];
      rules = model.status?.rules ?? [];
      const connected = model.connection.phase === 'open';
      const none =
        endpoints.value?.length === 0
          ? 'Nobody is told of alerts yet. Make a new endpoint: a URL that takes them.'
          : '';
      setText(byId('webhooks-endpoints-note'), polledWords('endpoints', endpoints, connected) ?? none);
      byId('webhooks-endpoints').hidden = rows.length === 0;
      for (const id of below.keys()) if (!rows.some((row) => row.id === id)) below.delete(id);
      const lines = rows.flatMap((row): Line[] => {
        const said = below.get(row.id);
        return said === undefined
          ? [{ kind: 'row', row }]
          : [
              { kind: 'row', row },
              { kind: 'below', row, ...said },
            ];
      });
      keyed(
        body,
        lines,
        ({ kind, row }) => (kind === 'row' ? row.id : `${row.id} below`),
        (line) =>
          line.kind === 'row'
            ? makeEndpointRow(line.row.id, {
                test: (id) => void test(id),
                edit: actions.edit,
                remove: confirm,
              })
            : makeBelow(line),
        (node, line) => {
          if (line.kind === 'below') changeBelow(node, line);
          else changeEndpointRow(node, line.row, latest.of(line.row.id), testing.has(line.row.id), now);
        },
      );
      if (asking === undefined) return;
      body.querySelector<HTMLElement>(`[data-key="${asking} below"] button:last-child`)?.focus();
      asking = undefined;
    },
  };
}
