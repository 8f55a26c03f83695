export interface Actions {
  move(step: 1 | -1): void;
  open(): void;
  interval(index: number): void;
  search(): void;
  test(): void;
  alertFromHere(): void;
  help(): void;
  back(): void;
}

/** Binds the keyboard. Keys typed into a field stay there, except Escape; outside the overview there is only help. */
export function bindKeys(actions: Actions, onOverview: () => boolean): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') return actions.back();
    const target = event.target as Element | null;
    if (target?.matches('input, textarea, select') === true) return;
    const act =
      event.key === '?' ? actions.help : onOverview() ? actionOf(event.key, target, actions) : undefined;
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}

function actionOf(key: string, target: Element | null, actions: Actions): (() => void) | undefined {
  if (key === 'j' || key === 'ArrowDown') return () => actions.move(1);
  if (key === 'k' || key === 'ArrowUp') return () => actions.move(-1);
  if (key === '/') return () => actions.search();
  if (key === 't') return () => actions.test();
  if (key === 'a') return () => actions.alertFromHere();
  if (/^[1-5]$/.test(key)) return () => actions.interval(Number(key) - 1);
  // Enter on a link or a button is theirs.
  if (key === 'Enter' && target?.matches('a, button') !== true) return () => actions.open();
  return undefined;
}
