import { connect } from 'nats';

/** Empties a NATS server that belongs to the tests: every stream goes. */
export async function wipeNats(url: string): Promise<void> {
  const connection = await connect({ servers: url.replace('nats://', '') });
  const manager = await connection.jetstreamManager();
  const names: string[] = [];
  for await (const name of manager.streams.names()) names.push(name);
  for (const name of names) {
    // Deleted only, its messages can be found in a stream of the same name that is made at once (seen on 2.15.2).
    await manager.streams.purge(name);
    await manager.streams.delete(name);
  }
  await connection.close();
}
