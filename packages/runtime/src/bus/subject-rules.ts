const token = /^[A-Za-z0-9_-]+$/;

/** Why `subject` cannot be published or served, or undefined if it can. */
export function subjectFault(subject: string): string | undefined {
  return subject.split('.').every((part) => token.test(part))
    ? undefined
    : `subject ${JSON.stringify(subject)} is refused: a subject is tokens of A-Z, a-z, 0-9, _ and - joined by single dots`;
}

/** Why `pattern` cannot be subscribed to, or undefined if it can. */
export function patternFault(pattern: string): string | undefined {
  const parts = pattern.split('.');
  return parts.every(
    (part, index) => token.test(part) || part === '*' || (part === '>' && index === parts.length - 1),
  )
    ? undefined
    : `pattern ${JSON.stringify(pattern)} is refused: a pattern is tokens of A-Z, a-z, 0-9, _ and - joined by single dots, where * stands for one token and a last > for the rest`;
}
