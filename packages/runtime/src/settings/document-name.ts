const name = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/** Whether a bucket or document can be called this. */
export function isDocumentName(text: string): boolean {
  return name.test(text) && !text.includes('\n');
}

/** Throws a sentence unless a bucket or document can be called this. */
export function nameChecked(what: 'bucket' | 'key', text: string): void {
  if (isDocumentName(text)) return;
  throw new Error(
    `${what} ${JSON.stringify(text)} is refused: a ${what} has 1 to 100 of a-z, 0-9, ., _ and -, beginning with a letter or digit`,
  );
}
