import { z } from 'zod';
import { ask } from './rest.ts';

const Gone = z.object({ id: z.string() });

/** Writes a document of the settings. `revision` is the one that it was made from, 0 for a new one. */
export function saveDocument<Schema extends z.ZodType>(
  path: string,
  answer: Schema,
  document: object,
  revision: number,
): Promise<z.infer<Schema>> {
  return ask(`${path}?revision=${revision}`, answer, { method: 'PUT', document });
}

/** Deletes a document; without a revision whatever it says. */
export async function deleteDocument(path: string, revision?: number): Promise<void> {
  await ask(revision === undefined ? path : `${path}?revision=${revision}`, Gone, { method: 'DELETE' });
}
