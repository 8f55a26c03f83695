import { newSecret } from '../state/secret.ts';
import {
  keptSlots,
  mayTakeAway,
  mostSecrets,
  type SecretSlot,
  secretsHint,
  secretsOf,
  slotName,
  withNewSlot,
  withoutSlot,
} from '../state/secret-slots.ts';
import { byId, element, keyed, setText } from './element.ts';
import { say } from './said.ts';

/** The secrets in the editor of an endpoint. A new one is in the page from its making until the form is left. */
export interface SecretFields {
  /** Begins anew with so many stored secrets. */
  open(stored: number): void;
  read(): string[];
}

export function secretFields(): SecretFields {
  const list = byId('webhooks-secrets');
  let slots: readonly SecretSlot[] = [];
  let made = 0;

  byId('webhooks-secret-new').addEventListener('click', () => {
    made += 1;
    const key = `new-${made}`;
    const next = withNewSlot(slots, key);
    if (next === slots) return;
    slots = next;
    draw();
    const input = inputOf(key);
    if (input === null) return;
    input.value = newSecret((array) => crypto.getRandomValues(array));
    input.focus();
    input.select();
  });

  function inputOf(key: string): HTMLInputElement | null {
    return list.querySelector(`[data-key="${key}"] input`);
  }

  function takeAway(key: string): void {
    slots = withoutSlot(slots, key);
    draw();
    byId('webhooks-secret-new').focus();
  }

  function make({ key, kept }: SecretSlot): HTMLElement {
    const name = element('label', { for: `webhooks-secret-${key}` });
    const remover = element('button', { type: 'button', class: 'remove' }, 'Take away');
    remover.addEventListener('click', () => takeAway(key));
    if (kept) {
      const mask = element('output', { id: `webhooks-secret-${key}` }, 'whsec_…');
      return element('li', {}, name, mask, remover);
    }
    const input = element('input', {
      type: 'text',
      id: `webhooks-secret-${key}`,
      autocomplete: 'off',
      spellcheck: 'false',
      'aria-describedby': `webhooks-secret-${key}-hint webhooks-secrets-fault`,
    });
    const copier = element('button', { type: 'button' }, 'Copy');
    copier.addEventListener('click', () => void copy(input, copier));
    const hint = element(
      'p',
      { class: 'hint', id: `webhooks-secret-${key}-hint` },
      'Copy it to the receiver now: once the form is saved or left it will not be shown again. A secret of your own may stand here instead.',
    );
    return element('li', {}, name, input, copier, remover, hint);
  }

  function draw(): void {
    keyed(
      list,
      slots,
      ({ key }) => key,
      make,
      (node, slot) => {
        setText(node.querySelector('label')!, slotName(slots, slot));
        node.querySelector<HTMLElement>('.remove')!.hidden = !mayTakeAway(slots, slot.key);
      },
    );
    (byId('webhooks-secret-new') as HTMLButtonElement).disabled = slots.length >= mostSecrets;
    setText(byId('webhooks-secrets-hint'), secretsHint(slots));
  }

  return {
    open(stored) {
      slots = [];
      draw();
      slots = keptSlots(stored);
      draw();
    },
    read: () => secretsOf(slots, (key) => inputOf(key)?.value ?? ''),
  };
}

async function copy(input: HTMLInputElement, button: HTMLElement): Promise<void> {
  // Without a secure origin there is no clipboard: what is selected can still be copied by hand.
  const copied = await (navigator.clipboard?.writeText(input.value) ?? Promise.reject()).then(
    () => true,
    () => false,
  );
  if (!copied) {
    input.focus();
    input.select();
  }
  const words = copied ? 'Copied' : 'Selected: copy it by Ctrl+C';
  setText(button, words);
  say(words);
}
