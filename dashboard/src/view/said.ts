import { byId, setText } from './element.ts';

/** Says a result to whoever hears the page; it also stands where it belongs, for whoever sees it. */
export function say(text: string): void {
  setText(byId('webhooks-said'), text);
}
