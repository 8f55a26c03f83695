import { duckdbStore } from './duckdb.ts';
import { barRow, tickRow } from './sample-rows.fixture.ts';

// Writes calls of 50 ticks and 5 versions of bars, prints the number of each call once it is acknowledged,
// and goes on after a failed one, until it is killed.
const [path = '', first = '0', most = 'Infinity'] = process.argv.slice(2);
const say = (text: string) => process.stdout.write(`${text}\n`);

try {
  const store = await duckdbStore({ path });
  say('open');
  for (let call = Number(first); call < Number(first) + Number(most); call++) {
    const ticks = Array.from({ length: 50 }, (_, n) => tickRow(call * 50 + n));
    const bars = Array.from({ length: 5 }, (_, n) => barRow(n, { revision: call }));
    try {
      await store.write([
        { table: 'ticks', rows: ticks },
        { table: 'bars', rows: bars },
      ]);
      say(`written ${call}`);
    } catch (error) {
      say(`refused ${call} ${(error as Error).message}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      call -= 1;
    }
  }
  await store.close();
  say('closed');
} catch (error) {
  say(`failed ${(error as Error).message}`);
}
