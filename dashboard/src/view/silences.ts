import type { Study } from '@tandem/common';
import { silencesInForce } from '../state/alerting.ts';
import type { AlertingFeed } from '../wire/alerting.ts';
import { faultSentence } from '../wire/rest.ts';
import { silenceText } from '../words/rule.ts';
import { showChoices } from './choices.ts';
import { byId, element, keyed, setText } from './element.ts';
import { button, field, input, select } from './field.ts';
import { personField } from './person.ts';

const minute = 60_000;
const spans: readonly (readonly [string, string])[] = [
  [String(15 * minute), '15 minutes'],
  [String(60 * minute), '1 hour'],
  [String(4 * 60 * minute), '4 hours'],
  [String(24 * 60 * minute), '1 day'],
  [String(7 * 24 * 60 * minute), '7 days'],
  [String(30 * 24 * 60 * minute), '30 days'],
];

export interface Silences {
  /** Offers a silence of a rule on a study. */
  offer(rule: string, study: string): void;
  show(studies: readonly Study[], now: number): void;
}

/** Silences in force, and a form that begins one. Each ends by itself. */
export function silencesPanel(feed: AlertingFeed, serverNow: () => number): Silences {
  const rule = select('rule', '', [['', 'every rule']], { 'aria-label': 'Rule' });
  const study = select('study', '', [['', 'every study']], { 'aria-label': 'Study' });
  const span = select('until', spans[1]![0], spans);
  const comment = input('comment', '', { maxlength: '500', placeholder: 'why' });
  const person = personField();
  const said = element('p', { class: 'said', role: 'status' });
  const form = byId('silence-form') as HTMLFormElement;
  form.append(
    element(
      'div',
      { class: 'row' },
      field('Rule', rule),
      field('Study', study),
      field('For', span),
      field('Comment', comment),
      person.node,
      element('button', { type: 'submit', class: 'button' }, 'Silence'),
    ),
    said,
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void begin();
  });

  async function begin(): Promise<void> {
    const by = person.name();
    if (by === undefined) return setText(said, 'Say who you are: others will see who silenced it.');
    try {
      await feed.silence({
        ...(rule.value === '' ? {} : { rule: rule.value }),
        ...(study.value === '' ? {} : { study: study.value }),
        until: Math.round(serverNow() + Number(span.value)),
        by,
        comment: comment.value.trim(),
      });
      comment.value = '';
      setText(said, 'Silenced: alerts are stored and shown, and not delivered.');
    } catch (fault) {
      setText(said, faultSentence(fault));
    }
  }

  async function end(id: string): Promise<void> {
    try {
      await feed.unsilence(id);
      setText(said, 'Ended.');
    } catch (fault) {
      setText(said, faultSentence(fault));
    }
  }

  return {
    offer(ruleId, studyId) {
      showChoices(rule, 'every rule', [ruleId]);
      rule.value = ruleId;
      showChoices(study, 'every study', [studyId]);
      study.value = studyId;
      form.scrollIntoView({ block: 'center' });
      span.focus();
    },
    show(studies, now) {
      const rules = feed.state.rules ?? [];
      showChoices(
        rule,
        'every rule',
        rules.map(({ id }) => id),
      );
      showChoices(
        study,
        'every study',
        studies.map(({ id }) => id),
      );
      const inForce = silencesInForce(feed.state.silences, now);
      keyed(
        byId('silence-list'),
        inForce,
        ({ id }) => id,
        ({ id }) =>
          element(
            'li',
            {},
            element('span', { class: 'what' }),
            button('End now', () => void end(id)),
          ),
        (node, silence) => {
          const { by, comment: why } = silence;
          const text = `${silenceText(silence, now)} · ${by}${why === '' ? '' : `: ${why}`}`;
          setText(node.querySelector('.what')!, text);
        },
      );
      setText(byId('silences-note'), inForce.length === 0 ? 'Nothing is silenced.' : '');
    },
  };
}
