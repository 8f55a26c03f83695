import { comparisons, describeField, type RuleField, ruleFields } from '@tandem/common';
import { type ComparingForm, noComparing, type RuleForm } from '../state/rule-form.ts';
import { element } from './element.ts';
import { button, group, input, select } from './field.ts';

/** Tells a form what is typed into a control. */
export type Bind = <Control extends HTMLInputElement | HTMLSelectElement>(
  control: Control,
  take: (value: string) => void,
) => Control;

/** The names of all fields, for their inputs to suggest. */
export function fieldDatalist(): HTMLElement {
  return element(
    'datalist',
    { id: 'rule-fields' },
    ...ruleFields.map((name) => element('option', { value: name })),
  );
}

/** What a rule fires at. */
export function conditionFields(
  form: RuleForm,
  bind: Bind,
  typed: () => void,
  redraw: () => void,
): HTMLElement {
  const join = bind(
    select(
      'when',
      form.join,
      [
        ['all', 'all of these'],
        ['any', 'any of these'],
      ],
      { 'aria-label': 'How the conditions are joined' },
    ),
    (value) => (form.join = value as RuleForm['join']),
  );
  const many = form.when.length > 1;
  const rows = form.when.map((one, index) => {
    const path = many ? `when.${form.join}.${index}` : 'when';
    const remove = button('Remove', () => {
      form.when.splice(index, 1);
      typed();
      redraw();
    });
    remove.hidden = !many;
    return element('div', { class: 'comparing' }, ...comparingControls(one, path, bind), remove);
  });
  const add = button('Add a condition', () => {
    form.when.push({ ...noComparing });
    typed();
    redraw();
  });
  return group('Fires when', ...(many ? [join] : []), ...rows, add);
}

/** What ends a firing. */
export function rearmFields(form: RuleForm, bind: Bind): HTMLElement {
  const help = element(
    'p',
    { class: 'help' },
    'Left empty: at |z| <= 0.5 if it looks at z, else when it is no longer met. A firing on z also ends when z has crossed 0.',
  );
  return group(
    'Ends at',
    element('div', { class: 'comparing' }, ...comparingControls(form.rearm, 'rearm', bind)),
    help,
  );
}

function comparingControls(one: ComparingForm, path: string, bind: Bind): HTMLElement[] {
  const values = element('datalist', { id: `${path}-values` });
  const suggest = () =>
    values.replaceChildren(...wordsOf(one.field).map((word) => element('option', { value: word })));
  suggest();
  const name = bind(
    input(`${path}.field`, one.field, { list: 'rule-fields', placeholder: '|z|', 'aria-label': 'Field' }),
    (value) => {
      one.field = value;
      suggest();
    },
  );
  const is = bind(
    select(`${path}.is`, one.is, comparisons, { 'aria-label': 'Comparison' }),
    (value) => (one.is = value),
  );
  const value = bind(
    input(`${path}.value`, one.value, { list: values.id, placeholder: '2', 'aria-label': 'Value' }),
    (given) => (one.value = given),
  );
  return [name, is, value, values];
}

function wordsOf(name: string): readonly string[] {
  return ruleFields.includes(name as RuleField) ? (describeField(name as RuleField).words ?? []) : [];
}
