import { follow, type Message, PositionLost, positionsBucket, type ServiceContext } from '@tandem/runtime';

const consumer = 'resampler';

/**
 * Follows TICKS, also past messages that the stream no longer keeps: what is in memory is forgotten (`forget`), and reading
 * goes on from the first message kept. Its ids show the jump, so that the loss becomes a gap, which the ingestor repairs.
 */
export async function followPast(
  context: ServiceContext,
  signal: AbortSignal,
  handle: (messages: readonly Message[]) => Promise<void>,
  forget: () => void,
): Promise<void> {
  for (;;) {
    try {
      await follow(context, { consumer, stream: 'TICKS', handle, signal });
      return;
    } catch (error) {
      if (!(error instanceof PositionLost)) throw error;
      context.log.error(
        { err: error },
        'trades have left the stream before they were read; they are missing until repaired:',
      );
      await context.settings.delete(positionsBucket, `${consumer}.ticks`);
      forget();
    }
  }
}
