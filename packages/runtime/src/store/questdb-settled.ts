import { setTimeout as sleep } from 'node:timers/promises';
import { type QuestdbAddress, questdbName } from './questdb-address.ts';
import type { QuestdbReader } from './questdb-reader.ts';
import { nameOf } from './questdb-sql.ts';
import type { Table } from './tables.ts';

/** Longest time without any progress, ms. */
const patience = 30_000;

/**
 * Resolves when what the server's log holds of a table at this moment is visible: a commit is durable first,
 * and applied to the table afterwards.
 */
export async function settled(reader: QuestdbReader, address: QuestdbAddress, table: Table): Promise<void> {
  const name = nameOf(table, address.prefix);
  const look = async () => {
    const [row] = await reader.rows({
      sql: 'SELECT sequencerTxn, writerTxn, suspended, errorMessage FROM wal_tables() WHERE name = $1',
      values: [name],
    });
    if (row === undefined) throw new Error(`${questdbName(address)} has no table ${name}`);
    const [committed, applied, suspended, error] = row as [number, number, boolean, string | null];
    return { committed, applied, suspended, error };
  };
  let { committed: wanted, ...now } = await look();
  let progress = performance.now();
  for (let wait = 1; now.applied < wanted; wait = Math.min(wait * 2, 50)) {
    if (now.suspended) {
      throw new Error(
        `${questdbName(address)} has suspended the table ${name} (${now.error || 'it does not say why'}): its rows are safe but not visible; mend the cause and run ALTER TABLE ${name} RESUME WAL`,
      );
    }
    if (performance.now() - progress > patience) {
      throw new Error(
        `${questdbName(address)} has not made rows of ${name} visible for ${patience / 1000} s: ${wanted - now.applied} commits wait`,
      );
    }
    await sleep(wait);
    const { committed: _, ...next } = await look();
    if (next.applied > now.applied) progress = performance.now();
    now = next;
  }
}
