import { Person } from '@tandem/common';
import { recall, remember } from '../wire/remembered.ts';
import { field, input } from './field.ts';

/** Asks who acts; the name is remembered in this browser alone. */
export function personField(): { readonly node: HTMLElement; name(): string | undefined } {
  const control = input('by', recall('person'), { autocomplete: 'name', required: true, maxlength: '100' });
  control.addEventListener('change', () => remember('person', control.value.trim()));
  return {
    node: field('Your name', control),
    /** Undefined, and the field is pointed at, while nothing is written. */
    name() {
      // It may have been written elsewhere on the page.
      if (control.value.trim() === '') control.value = recall('person');
      const given = Person.safeParse(control.value).data;
      if (given === undefined) control.focus();
      else remember('person', given);
      return given;
    },
  };
}
