import type { Fault } from '@tandem/common';

/** Marks the controls that faults are about, by their `data-path`; returns the faults that are about none of them. */
export function markFaults(form: HTMLElement, faults: readonly Fault[]): Fault[] {
  const controls = [...form.querySelectorAll<HTMLInputElement>('[data-path]')];
  for (const control of controls) {
    control.removeAttribute('aria-invalid');
    control.removeAttribute('title');
  }
  return faults.filter(({ path, reason }) => {
    const control = nearest(controls, path);
    control?.setAttribute('aria-invalid', 'true');
    control?.setAttribute('title', reason);
    return control === undefined;
  });
}

/** The control of the path itself, or of what it is a part of, or of a part of it. */
function nearest(controls: readonly HTMLInputElement[], path: string): HTMLInputElement | undefined {
  const of = (control: HTMLInputElement) => control.dataset.path ?? '';
  const within = controls.filter((control) => path === of(control) || path.startsWith(`${of(control)}.`));
  const longest = within.sort((one, other) => of(other).length - of(one).length)[0];
  return (
    longest ?? (path === '' ? undefined : controls.find((control) => of(control).startsWith(`${path}.`)))
  );
}
