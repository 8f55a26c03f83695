import type { Analytics } from '@tandem/common';

/** Whether two versions of a row say the same, to the last bit of every number. */
export function sameRow(a: Analytics, b: Analytics): boolean {
  for (const [name, value] of Object.entries(a)) {
    const other = b[name as keyof Analytics];
    if (value === other) continue;
    if (typeof value !== 'object' || value === null || other === null) return false;
    if (JSON.stringify(value) !== JSON.stringify(other)) return false;
  }
  return true;
}
