import { openStore } from '../open.ts';
import { otherRows } from './sample-rows.fixture.ts';

// Raises an alert with its delivery, then says that it was delivered; prints each call once it is acknowledged, goes on
// after a failed one, until it is killed.
const [path = '', first = '0'] = process.argv.slice(2);
const say = (text: string) => process.stdout.write(`${text}\n`);

async function patiently(what: string, act: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await act();
      return say(what);
    } catch (error) {
      say(`refused ${what} ${(error as Error).message}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

try {
  const store = await openStore(`duckdb:${path}`);
  for (let call = Number(first); ; call++) {
    const time = otherRows.alerts.time + call;
    const alert = { ...otherRows.alerts, id: `alert-${call}`, time };
    const delivery = { ...otherRows.deliveries, alert: alert.id, time };
    await patiently(`raised ${call}`, () =>
      store.write([
        { table: 'alerts', rows: [alert] },
        { table: 'deliveries', rows: [delivery] },
      ]),
    );
    await patiently(`delivered ${call}`, () =>
      store.write([{ table: 'deliveries', rows: [{ ...delivery, state: 'delivered', attempts: 2 }] }]),
    );
  }
} catch (error) {
  say(`failed ${(error as Error).message}`);
}
