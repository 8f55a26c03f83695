import { Alert, Analytics, Bar, FeedStatus, LiveStudy, TickMessage } from '@tandem/common';
import { z } from 'zod';

interface Channel {
  readonly address: string;
  readonly summary: string;
  readonly schema: z.ZodType;
  /** The stream that keeps it; passing messages are kept by none. */
  readonly stream: string | undefined;
}

const channels: Readonly<Record<string, Channel>> = {
  ticks: {
    address: 'ticks.{venue}.{symbol}',
    summary:
      'Trades in order of their ids, with the range of ids that the message accounts for and the watermark',
    schema: TickMessage,
    stream: 'TICKS',
  },
  bars: {
    address: 'bars.{interval}.{venue}.{symbol}',
    summary: 'Closed bars and their amendments; of two versions the one with the higher revision wins',
    schema: Bar,
    stream: 'BARS',
  },
  forming: {
    address: 'forming.{interval}.{venue}.{symbol}',
    summary: 'The bar in progress, provisional, at most 4 a second',
    schema: Bar,
    stream: undefined,
  },
  analytics: {
    address: 'analytics.{study}',
    summary: 'One row per study and closed bar',
    schema: Analytics,
    stream: 'ANALYTICS',
  },
  live: {
    address: 'live.{study}',
    summary: 'The study at the last prices, provisional, at most 4 a second',
    schema: LiveStudy,
    stream: undefined,
  },
  alerts: {
    address: 'alerts.{rule}.{study}',
    summary: 'Transitions of a rule on a study',
    schema: Alert,
    stream: 'ALERTS',
  },
  feeds: {
    address: 'feeds.{venue}.{symbol}',
    summary: 'State of a feed, every second',
    schema: FeedStatus,
    stream: 'FEEDS',
  },
};

/** The AsyncAPI 3.0 document of the subjects that Tandem publishes on NATS, made from the schemas of its messages. */
export function asyncApi(version: string): object {
  const entries = Object.entries(channels);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Tandem',
      version,
      description:
        'What Tandem publishes on NATS as JSON. Times are ms since the epoch, UTC. Streams are JetStream streams.',
    },
    servers: { nats: { host: 'localhost:4222', protocol: 'nats' } },
    channels: Object.fromEntries(entries.map(([name, channel]) => [name, channelOf(name, channel)])),
    operations: Object.fromEntries(
      entries.map(([name, { summary }]) => [
        name,
        { action: 'send', summary, channel: { $ref: `#/channels/${name}` } },
      ]),
    ),
  };
}

function channelOf(name: string, { address, summary, schema, stream }: Channel): object {
  const parameters = [...address.matchAll(/\{(\w+)\}/g)].map((match) => [match[1], {}]);
  // The tools of AsyncAPI read the draft that is their default.
  const { $schema: _, ...payload } = z.toJSONSchema(schema, { target: 'draft-7', io: 'output' });
  return {
    address,
    description: stream === undefined ? `${summary}. Not kept.` : `${summary}. Kept in the stream ${stream}.`,
    parameters: Object.fromEntries(parameters),
    messages: { [name]: { contentType: 'application/json', payload } },
  };
}
