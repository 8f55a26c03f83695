import {
  blankForm,
  documentOf,
  type EndpointForm,
  formFaults,
  formOf,
  refusalFaults,
} from '../state/endpoint-form.ts';
import type { EndpointRow } from '../state/endpoint-row.ts';
import { faultSentence, RequestFault } from '../wire/rest.ts';
import { readEndpoints, saveEndpoint } from '../wire/webhooks.ts';
import { conflictWords, urlHint } from '../words/endpoint-editor.ts';
import { byId, setText } from './element.ts';
import { endpointFields } from './endpoint-fields.ts';
import { say } from './said.ts';

export interface EndpointEditor {
  /** Opens it for an endpoint, or for a new one; not over words that are not saved yet. */
  open(row: EndpointRow | undefined): void;
  /** Tells it which endpoints there are. Nothing that is typed changes. */
  know(rows: readonly EndpointRow[]): void;
}

/** The form that writes an endpoint. `saved` is told when the server has taken one. */
export function endpointEditor(saved: (id: string) => void): EndpointEditor {
  const editor = byId('webhooks-editor');
  const fields = endpointFields();
  const save = byId('webhooks-save');
  const theirs = byId('webhooks-theirs');
  let known: readonly EndpointRow[] = [];
  /** What the form began from. */
  let stored: EndpointRow | undefined;
  let begun = '';
  let opener: Element | null = null;
  let saving = false;

  function begin(row: EndpointRow | undefined, form: EndpointForm): void {
    stored = row;
    fields.fill(form);
    begun = JSON.stringify(fields.read());
    fields.refuse({});
    theirs.hidden = true;
    editor.hidden = false;
    setText(byId('webhooks-editor-title'), row === undefined ? 'New endpoint' : `Edit ${row.id}`);
    setText(byId('webhooks-url-hint'), urlHint(row));
    (byId('webhooks-id') as HTMLInputElement).readOnly = row !== undefined;
  }

  function close(): void {
    // No secret stays in the page.
    fields.fill(blankForm);
    editor.hidden = true;
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    else byId('webhooks-new').focus();
  }

  function conflict(gone: boolean): void {
    fields.refuse({ form: conflictWords(stored, gone) });
    theirs.hidden = false;
  }

  async function write(): Promise<void> {
    if (saving) return;
    const form = fields.read();
    const faults = formFaults(
      form,
      stored,
      known.map(({ id }) => id),
    );
    fields.refuse(faults);
    if (Object.keys(faults).length > 0) return;
    saving = true;
    setText(save, 'Saving …');
    try {
      const { id } = await saveEndpoint(documentOf(form, stored), stored?.revision ?? 0);
      close();
      say(`${id} is saved.`);
      saved(id);
    } catch (fault) {
      const status = fault instanceof RequestFault ? fault.status : undefined;
      if (status === 409) conflict(false);
      else fields.refuse(refusalFaults(faultSentence(fault), status));
    }
    saving = false;
    setText(save, 'Save');
  }

  async function loadTheirs(): Promise<void> {
    const id = fields.read().id.trim();
    try {
      const row = (await readEndpoints()).find((one) => one.id === id);
      // Deleted meanwhile: what is left is to make it anew, with all that only the server knew.
      if (row === undefined) begin(undefined, { ...blankForm, id });
      else begin(row, formOf(row));
      byId('webhooks-editor-title').focus();
    } catch (fault) {
      fields.refuse({ form: faultSentence(fault) });
    }
  }

  byId('webhooks-form').addEventListener('submit', (event) => {
    event.preventDefault();
    void write();
  });
  byId('webhooks-cancel').addEventListener('click', close);
  theirs.addEventListener('click', () => void loadTheirs());

  return {
    open(row) {
      if (!editor.hidden && JSON.stringify(fields.read()) !== begun) {
        fields.refuse({ form: 'Save or cancel this one first.' });
        byId('webhooks-editor-title').focus();
        return;
      }
      opener = document.activeElement;
      begin(row, row === undefined ? blankForm : formOf(row));
      byId('webhooks-editor-title').focus();
      editor.scrollIntoView({ block: 'nearest' });
    },
    know(rows) {
      known = rows;
      if (editor.hidden || stored === undefined || saving || !theirs.hidden) return;
      const { id, revision } = stored;
      const now = rows.find((row) => row.id === id);
      // Told before somebody types on in vain.
      if (now?.revision !== revision) conflict(now === undefined);
    },
  };
}
