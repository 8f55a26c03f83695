import { intervalMs, type PreviewAnswer, type PreviewFiring, type Rule } from '@tandem/common';
import type { AlertingFeed } from '../wire/alerting.ts';
import { faultSentence } from '../wire/rest.ts';
import { moment } from '../words/format.ts';
import { firingText, previewCells, previewColumns, previewSummary } from '../words/preview.ts';
import { element, setText } from './element.ts';

/** So long nothing is typed before a preview is asked for, ms. */
const pause = 700;
/** Firings listed by name; the strip shows all of them. */
const listed = 30;

/** Draws into `parent` what the newest rule that it was given would have done. */
export function rulePreview(feed: Pick<AlertingFeed, 'preview'>, parent: HTMLElement) {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let asking = new AbortController();

  async function ask(rule: Rule): Promise<void> {
    const { signal } = asking;
    try {
      const answer = await feed.preview(rule, signal);
      if (!signal.aborted)
        parent.replaceChildren(element('h3', {}, 'On the stored history'), ...previewOf(answer));
    } catch (fault) {
      const sentence = `There is no preview: ${faultSentence(fault)}`;
      if (!signal.aborted) parent.replaceChildren(element('p', { class: 'warning' }, sentence));
    }
  }

  return {
    /** Undefined: there is no rule to speak of. */
    of(rule: Rule | undefined): void {
      clearTimeout(waiting);
      asking.abort();
      asking = new AbortController();
      setText(parent, rule === undefined ? '' : 'Looking at the stored history …');
      if (rule !== undefined) waiting = setTimeout(() => void ask(rule), pause);
    },
  };
}

/** What a rule would have done on the stored history: in words, study by study, over time, and firing by firing. */
function previewOf(answer: PreviewAnswer): HTMLElement[] {
  const newest = answer.firings.slice(-listed).reverse();
  const more = answer.firings.length + answer.left - newest.length;
  return [
    element('p', { class: 'summary' }, previewSummary(answer)),
    ...answer.warnings.map((warning) =>
      element('p', { class: 'warning', 'data-noisy': String(answer.noisy) }, `${capital(warning)}.`),
    ),
    ...(answer.studies.length === 0 ? [] : [table(answer)]),
    ...answer.studies.map(({ study, from, to }) =>
      strip(
        study,
        from,
        to,
        answer.firings.filter((firing) => firing.study === study),
      ),
    ),
    ...(newest.length === 0
      ? []
      : [
          element(
            'details',
            {},
            element(
              'summary',
              {},
              `The newest ${newest.length} firings${more > 0 ? `, of ${newest.length + more}` : ''}`,
            ),
            element(
              'ol',
              { class: 'firings' },
              ...newest.map((firing) => element('li', {}, firingText(firing))),
            ),
          ),
        ]),
  ];
}

function table({ studies }: PreviewAnswer): HTMLElement {
  const head = element('tr', {}, ...previewColumns.map((column) => element('th', { scope: 'col' }, column)));
  const rows = studies.map((study) => {
    const [name, ...cells] = previewCells(study);
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, name!),
      ...cells.map((cell) => element('td', {}, cell)),
    );
  });
  return element(
    'div',
    { class: 'scroll-x' },
    element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows)),
  );
}

/** When a study's firings were and how long they lasted; what was inhibited is hollow. */
function strip(
  study: string,
  from: number | null,
  to: number | null,
  firings: readonly PreviewFiring[],
): HTMLElement {
  const figure = element('figure', { class: 'firing-strip' });
  if (from === null || to === null || firings.length === 0) return figure;
  const width = 1_000;
  const end = to + intervalMs['1s'];
  const at = (time: number) => (width * (time - from)) / Math.max(1, end - from);
  const svg = drawing('svg', {
    viewBox: `0 0 ${width} 16`,
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': `When ${study} would have fired`,
  });
  for (const firing of firings) {
    const begin = at(firing.time);
    const until = at(firing.end === 'inhibited' ? firing.time : (firing.endTime ?? end));
    svg.append(
      drawing('rect', {
        x: String(begin),
        y: '2',
        width: String(Math.max(3, until - begin)),
        height: '12',
        'data-direction': firing.direction ?? 'none',
        'data-end': firing.end,
      }),
    );
  }
  figure.append(element('figcaption', {}, `${study}, ${moment(from)} – ${moment(to)} UTC`), svg);
  return figure;
}

function drawing(tag: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
