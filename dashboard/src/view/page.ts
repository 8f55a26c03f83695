import type { Choice } from '../state/choice.ts';
import type { Model } from '../state/model.ts';

/** A view that asks the server for what it shows by itself, and only while it is shown. */
export interface Page {
  /** Draws it; called at most four times a second. */
  show(model: Model, choice: Choice): void;
  /** Called each second while it is shown and the server is there. */
  tick(): void;
}
