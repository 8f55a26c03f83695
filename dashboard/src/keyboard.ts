import type { Choice } from './state/choice.ts';
import type { Model } from './state/model.ts';
import { byId } from './view/element.ts';
import { bindKeys } from './view/keys.ts';
import { intervalsOf, listed, type OverviewActions } from './view/overview.ts';

export interface KeyboardActions extends OverviewActions {
  test(): void;
  /** A new rule for the study that is looked at. */
  alertFromHere(): void;
  /** Closes what is open; false if nothing was. */
  closeOpen(): boolean;
}

/** The keys of the overview, its search and the list of keys. */
export function bindKeyboard(
  model: Model,
  choice: Choice,
  actions: KeyboardActions,
  repaint: () => void,
): void {
  const search = byId('search') as HTMLInputElement;
  search.addEventListener('input', () => {
    choice.search = search.value;
    repaint();
  });
  const help = byId('help') as HTMLDialogElement;
  byId('help-button').addEventListener('click', () => help.showModal());

  bindKeys(
    {
      move(step) {
        const rows = listed(model, choice, Date.now() + model.offset);
        const at = rows.findIndex(({ study }) => study.id === choice.study);
        const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
        if (next === undefined) return;
        actions.choose(next.study.id);
        const links = [...byId('studies').querySelectorAll<HTMLElement>('tr')];
        links
          .find((row) => row.dataset.key === next.study.id)
          ?.querySelector('a')
          ?.focus();
      },
      open: () => byId('detail').scrollIntoView({ block: 'start' }),
      interval(index) {
        const interval = intervalsOf(model)[index];
        if (interval !== undefined) actions.chooseInterval(interval);
      },
      search: () => search.focus(),
      help: () => (help.open ? help.close() : help.showModal()),
      test: actions.test,
      alertFromHere: actions.alertFromHere,
      back() {
        if (help.open) return help.close();
        if (actions.closeOpen()) return;
        search.value = '';
        choice.search = '';
        search.blur();
        actions.zoom(undefined);
      },
    },
    () => choice.view === 'overview',
  );
}
