import type { Notice } from '../state/notice.ts';
import { recall, remember } from '../wire/remembered.ts';
import { byId, setAttribute } from './element.ts';

export interface Notifications {
  /** Whether anybody asked to be told. */
  readonly wanted: boolean;
  tell(notice: Notice, open: () => void): void;
}

/** Tells the desktop of firing alerts, with a sound if asked for; only on request, which the browser remembers. */
export function notifications(): Notifications {
  const notify = byId('notify');
  const sound = byId('sound');
  const able = 'Notification' in globalThis;
  let notifying = able && recall('notify') === 'on' && Notification.permission === 'granted';
  let told: string | undefined;
  let sounding = recall('sound') === 'on';

  function show(): void {
    const denied = able && Notification.permission === 'denied';
    setAttribute(notify, 'aria-pressed', String(notifying));
    setAttribute(sound, 'aria-pressed', String(sounding));
    (notify as HTMLButtonElement).disabled = !able || denied;
    setAttribute(
      notify,
      'title',
      !able
        ? 'This browser has no notifications'
        : denied
          ? 'The browser forbids it: allow notifications for this page in its settings'
          : 'Tells the desktop of alerts that fire while this page is open',
    );
    setAttribute(sound, 'title', 'A tone for alerts that fire while this page is open');
  }

  async function ask(): Promise<void> {
    notifying = !notifying && (await Notification.requestPermission()) === 'granted';
    remember('notify', notifying ? 'on' : 'off');
    show();
  }

  notify.addEventListener('click', () => void ask());
  sound.addEventListener('click', () => {
    sounding = !sounding;
    remember('sound', sounding ? 'on' : 'off');
    // Heard at once: it says how loud it is, and that the browser lets it through.
    if (sounding) beep();
    show();
  });
  show();

  return {
    get wanted() {
      return notifying || sounding;
    },
    tell({ id, title, body, tag }, open) {
      // The bus may say a thing twice.
      if (told === id) return;
      told = id;
      if (sounding) beep();
      if (!notifying) return;
      const shown = new Notification(title, { body, tag });
      shown.addEventListener('click', () => {
        globalThis.focus();
        open();
        shown.close();
      });
    },
  };
}

let audio: AudioContext | undefined;

/** Two short tones. */
function beep(): void {
  audio ??= new AudioContext();
  const begin = audio.currentTime;
  for (const [index, frequency] of [660, 880].entries()) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const at = begin + index * 0.16;
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.15, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.15);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.15);
  }
}
