import { z } from 'zod';

/** How loud an alert is. */
export const Severity = z.enum(['info', 'warning', 'critical']);
export type Severity = z.infer<typeof Severity>;
