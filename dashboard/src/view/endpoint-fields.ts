import {
  blankForm,
  type EndpointFaults,
  type EndpointField,
  type EndpointForm,
} from '../state/endpoint-form.ts';
import { byId, setAttribute, setText } from './element.ts';
import { type SecretFields, secretFields } from './secret-fields.ts';

/** The fields of the editor of an endpoint. Nothing but `fill` writes into them: what is typed stays. */
export interface EndpointFields {
  fill(form: EndpointForm): void;
  read(): EndpointForm;
  /** Says what is wrong beside each field, and goes to the first that is. */
  refuse(faults: EndpointFaults): void;
}

const fields = Object.keys(blankForm) as EndpointField[];
const input = (field: EndpointField) => byId(`webhooks-${field}`) as HTMLInputElement;

export function endpointFields(): EndpointFields {
  const secrets: SecretFields = secretFields();
  const texts = ['id', 'name', 'url', 'shape', 'minimumSeverity'] as const;

  /** Says what is wrong with a field, or that nothing is. */
  function fault(field: EndpointField, sentence: string | undefined): void {
    setText(byId(`webhooks-${field}-fault`), sentence ?? '');
    // Secrets are a list of fields.
    if (field !== 'secrets') setAttribute(input(field), 'aria-invalid', String(sentence !== undefined));
  }

  for (const field of fields) {
    // What was said is about what stood there before.
    byId(`webhooks-${field}`).addEventListener('input', () => fault(field, undefined));
  }

  return {
    fill(form) {
      for (const field of texts) input(field).value = form[field];
      input('enabled').checked = form.enabled;
      secrets.open(form.secrets.length);
    },
    read: () => ({
      id: input('id').value,
      name: input('name').value,
      url: input('url').value,
      // The options of a select are all that it can hold.
      shape: input('shape').value as EndpointForm['shape'],
      minimumSeverity: input('minimumSeverity').value as EndpointForm['minimumSeverity'],
      enabled: input('enabled').checked,
      secrets: secrets.read(),
    }),
    refuse(faults) {
      for (const field of fields) fault(field, faults[field]);
      setText(byId('webhooks-form-fault'), faults.form ?? '');
      const first = fields.find((field) => faults[field] !== undefined);
      if (first === 'secrets') byId('webhooks-secrets').querySelector('input')?.focus();
      else if (first !== undefined) input(first).focus();
    },
  };
}
