import { z } from 'zod';

/**
 * The dashboard's WebSocket, `/api/v1/stream`: JSON text frames.
 *
 * A client names subjects (`*` and `>` allowed). For each subscription it gets one `snapshot` of the newest
 * message per subject, then `update`s in order; a snapshot comes again where the server itself may have missed something,
 * and whoever keeps history then asks REST for it anew. A slow client gets the newest message per subject; `skipped`
 * says how many it missed since its last frame, so that it can fetch them over REST.
 */
export const ClientFrame = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('subscribe'),
    subjects: z.array(z.string().min(1).max(200)).min(1).max(100),
  }),
  z.strictObject({
    type: z.literal('unsubscribe'),
    subjects: z.array(z.string().min(1).max(200)).min(1).max(100),
  }),
  z.strictObject({ type: z.literal('ping') }),
]);
export type ClientFrame = z.infer<typeof ClientFrame>;

const Published = z.strictObject({ subject: z.string(), data: z.unknown() });

export const ServerFrame = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('snapshot'),
    subjects: z.array(z.string()),
    messages: z.array(Published),
  }),
  z.strictObject({ type: z.literal('update'), messages: z.array(Published), skipped: z.int().min(0) }),
  /** Wall clock of the server, every second: the page knows from it that the connection is alive. */
  z.strictObject({ type: z.literal('heartbeat'), at: z.number() }),
  z.strictObject({ type: z.literal('pong') }),
  z.strictObject({ type: z.literal('error'), message: z.string() }),
]);
export type ServerFrame = z.infer<typeof ServerFrame>;
