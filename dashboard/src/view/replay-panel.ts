import {
  type ReplayableState,
  type ReplayRange,
  type ReplayTotal,
  replayAfter,
  replayRange,
} from '../state/replay-range.ts';
import { faultSentence } from '../wire/rest.ts';
import { replayDeliveries } from '../wire/webhooks.ts';
import { moment } from '../words/format.ts';
import { sentence } from '../words/polled.ts';
import { replayedRange } from '../words/replay.ts';
import { showChoices } from './choices.ts';
import { byId, setText } from './element.ts';

export interface ReplayPanel {
  show(endpoints: readonly string[], now: number): void;
}

const minute = 60_000;

/** The form that replays a range of bar times, bit by bit where it is long. `queued` is told when something was. */
export function replayPanel(queued: () => void): ReplayPanel {
  const from = byId('webhooks-replay-from') as HTMLInputElement;
  const to = byId('webhooks-replay-to') as HTMLInputElement;
  const endpoint = byId('webhooks-replay-endpoint') as HTMLSelectElement;
  const rest = byId('webhooks-replay-rest');
  let total: ReplayTotal | undefined;
  let busy = false;
  let typed = false;

  function states(): ReplayableState[] {
    const checked = byId('webhooks-replay-states').querySelectorAll<HTMLInputElement>('input:checked');
    return [...checked].map(({ value }) => value as ReplayableState);
  }

  const tell = (words: string) => setText(byId('webhooks-replay-said'), words);

  async function run(range: ReplayRange, begin: number): Promise<void> {
    if (busy) return;
    busy = true;
    tell('Asking the server …');
    try {
      total = replayAfter(total, range, await replayDeliveries({ ...range, from: begin }));
      tell(replayedRange(total));
    } catch (fault) {
      const before = total === undefined ? '' : `${replayedRange(total)} `;
      tell(`${before}Not replayed: ${sentence(faultSentence(fault))}`);
    }
    busy = false;
    rest.hidden = (total?.next ?? null) === null;
    queued();
  }

  for (const end of [from, to]) {
    end.addEventListener('input', () => {
      typed = true;
    });
  }
  byId('webhooks-replay').addEventListener('submit', (event) => {
    event.preventDefault();
    if (busy) return;
    const range = replayRange({ from: from.value, to: to.value, endpoint: endpoint.value, states: states() });
    total = undefined;
    rest.hidden = true;
    if ('fault' in range) tell(range.fault);
    else void run(range, range.from);
  });
  rest.addEventListener('click', () => {
    if (total !== undefined && total.next !== null) void run(total.range, total.next);
  });

  return {
    show(endpoints, now) {
      showChoices(endpoint, 'all', endpoints);
      // The last hour, until somebody says otherwise; from then on it is whoever types who says.
      if (typed || document.activeElement === from || document.activeElement === to) return;
      const end = (Math.floor(now / minute) + 1) * minute;
      const [begin, until] = [moment(end - 60 * minute), moment(end)];
      if (from.value !== begin) from.value = begin;
      if (to.value !== until) to.value = until;
    },
  };
}
