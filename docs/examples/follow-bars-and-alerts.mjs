// Follows closed one-minute bars and alerts with the plain NATS client: `npm install nats`, then
//   node follow-bars-and-alerts.mjs nats://127.0.0.1:4222
import { connect, JSONCodec } from 'nats';

const servers = process.argv[2] ?? 'nats://127.0.0.1:4222';
const connection = await connect({ servers, maxReconnectAttempts: -1 });
const { decode } = JSONCodec();

async function follow(subject, show) {
  // From now on. For history, read the JetStream streams BARS and ALERTS with an ordered consumer.
  for await (const message of connection.subscribe(subject)) show(decode(message.data));
}

void follow('bars.1m.>', ({ venue, symbol, time, close, volume, gap }) =>
  console.log(new Date(time).toISOString(), `${venue}:${symbol}`, close, volume, gap ? 'GAP' : ''),
);
await follow('alerts.>', ({ transition, study, text, simulated }) =>
  console.log(transition.toUpperCase(), study, text, simulated ? '(simulated)' : ''),
);
