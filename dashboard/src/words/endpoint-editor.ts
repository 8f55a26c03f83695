import type { EndpointRow } from '../state/endpoint-row.ts';

/** What is to be known about the URL in the editor. */
export function urlHint(row: EndpointRow | undefined): string {
  if (row === undefined)
    return 'http: or https:. Once saved, only its host is shown: the rest of it may be secret.';
  if (row.configured && row.revision === 0)
    return 'It comes from the configuration, whose URL its document has to repeat: write the whole of it, as in TANDEM_WEBHOOKS.';
  return 'As it stands here it stays as it is. To change it, write the whole of the new one.';
}

/** What is said when a form stands on what is not there any more. */
export function conflictWords(row: EndpointRow | undefined, gone: boolean): string {
  if (row === undefined)
    return 'Somebody else has made an endpoint of this id meanwhile. Choose another id, or load theirs: what is typed here is lost then.';
  if (gone)
    return `Somebody has deleted ${row.id} meanwhile. Load theirs to make it anew: what is typed here is lost then.`;
  return `${row.id} was changed by somebody else since this form was opened, so it cannot be saved from here. Load theirs: what is typed here is lost then.`;
}
