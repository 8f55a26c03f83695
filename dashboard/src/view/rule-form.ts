import { intervalMs, Severity, type Study } from '@tandem/common';
import { type RuleForm, type ScopeKind, scopeKinds } from '../state/rule-form.ts';
import { type Bind, conditionFields, fieldDatalist, rearmFields } from './condition-fields.ts';
import { element } from './element.ts';
import { checkbox, field, group, input, select } from './field.ts';

/** What a rule can be about. */
export interface RuleSurroundings {
  readonly studies: readonly Study[];
  readonly instruments: readonly string[];
  readonly endpoints: readonly string[];
}

const scopeWords: Record<ScopeKind, string> = {
  all: 'all studies',
  studies: 'studies by name',
  intervals: 'studies by interval',
  tags: 'studies by tag',
  instruments: 'instruments (rules on feeds)',
};

/**
 * Draws the fields of a rule into `parent` and keeps `form` in step with what is typed. `typed` is told of each change,
 * `redraw` of one that changes which fields there are.
 */
export function showRuleForm(
  parent: HTMLElement,
  form: RuleForm,
  known: RuleSurroundings,
  isNew: boolean,
  typed: () => void,
  redraw: () => void,
): void {
  const bind: Bind = (control, take) => {
    control.addEventListener('input', () => {
      take(control.value);
      typed();
    });
    return control;
  };
  const id = bind(
    input('id', form.id, { disabled: !isNew, placeholder: 'a-slug' }),
    (value) => (form.id = value),
  );
  const name = bind(input('name', form.name), (value) => (form.name = value));
  const bars = bind(input('bars', form.bars, { inputmode: 'numeric' }), (value) => (form.bars = value));
  const cooldown = bind(input('cooldown', form.cooldown), (value) => (form.cooldown = value));
  const severity = bind(
    select('severity', form.severity, Severity.options),
    (value) => (form.severity = value),
  );
  const mode = bind(
    select('mode', form.mode, [
      ['transition', 'firing, then resolved'],
      ['every', 'every bar that meets it'],
    ]),
    (value) => (form.mode = value),
  );
  parent.replaceChildren(
    fieldDatalist(),
    row(field('Id', id, isNew ? 'lower case, cannot be changed later' : undefined), field('Name', name)),
    conditionFields(form, bind, typed, redraw),
    rearmFields(form, bind),
    row(
      field('Bars in a row', bars, 'seconds, for feeds and the age of data'),
      field('Cooldown', cooldown, 'of one study: 30 s, 15 min, 1 h'),
      field('Severity', severity),
      field('Mode', mode),
    ),
    scopeFields(form, known, typed, redraw),
    endpointFields(form, known.endpoints, typed, redraw),
    enabledField(form, typed),
  );
}

function row(...fields: HTMLElement[]): HTMLElement {
  return element('div', { class: 'row' }, ...fields);
}

function scopeFields(
  form: RuleForm,
  known: RuleSurroundings,
  typed: () => void,
  redraw: () => void,
): HTMLElement {
  const kind = select(
    'scope',
    form.scope,
    scopeKinds.map((one) => [one, scopeWords[one]] as const),
    {
      'aria-label': 'Scope',
    },
  );
  kind.addEventListener('input', () => {
    form.scope = kind.value as ScopeKind;
    form.names = form.scope === 'intervals' ? namesOf('intervals', known).filter((one) => one !== '1s') : [];
    typed();
    redraw();
  });
  return group(
    'Watches',
    kind,
    ...choices(form.names, namesOf(form.scope, known), `scope.${form.scope}`, typed),
  );
}

function namesOf(kind: ScopeKind, { studies, instruments }: RuleSurroundings): string[] {
  if (kind === 'studies') return studies.map(({ id }) => id);
  if (kind === 'instruments') return [...instruments];
  if (kind === 'tags') return [...new Set(studies.flatMap(({ tags }) => tags ?? []))];
  if (kind === 'all') return [];
  const intervals = new Set(studies.map(({ interval }) => interval));
  return [...intervals].sort((one, other) => intervalMs[one] - intervalMs[other]);
}

function endpointFields(
  form: RuleForm,
  endpoints: readonly string[],
  typed: () => void,
  redraw: () => void,
): HTMLElement {
  const everybody = checkbox('endpoints', 'every endpoint', form.everybody);
  everybody.firstElementChild!.addEventListener('change', (event) => {
    form.everybody = (event.target as HTMLInputElement).checked;
    typed();
    redraw();
  });
  const some = form.everybody ? [] : choices(form.endpoints, endpoints, 'endpoints', typed);
  const nobody = !form.everybody && some.length === 0 ? ['There is no endpoint yet.'] : [];
  return group('Tells', everybody, ...some, ...nobody);
}

/** A box for each name that is known or chosen; `chosen` is changed in place. */
function choices(chosen: string[], known: readonly string[], path: string, typed: () => void): HTMLElement[] {
  return [...new Set([...known, ...chosen])].map((name) => {
    const label = checkbox(path, name, chosen.includes(name));
    label.firstElementChild!.addEventListener('change', (event) => {
      const at = chosen.indexOf(name);
      if (at >= 0) chosen.splice(at, 1);
      if ((event.target as HTMLInputElement).checked) chosen.push(name);
      typed();
    });
    return label;
  });
}

function enabledField(form: RuleForm, typed: () => void): HTMLElement {
  const label = checkbox('enabled', 'The rule is on', form.enabled);
  label.firstElementChild!.addEventListener('change', (event) => {
    form.enabled = (event.target as HTMLInputElement).checked;
    typed();
  });
  return label;
}
