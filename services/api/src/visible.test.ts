import { blankAnalytics } from '@tandem/common';
import { expect, it } from 'vitest';
import { context, options } from './preview.fixture.ts';
import { startApi } from './service.ts';

it.each(['analytics?study=btc-eth-1m', 'export/analytics?study=btc-eth-1m&format=ndjson'])(
  'what is stored and not yet visible is waited for: %s',
  async (path) => {
    const ports = await context();
    const api = await startApi(ports, options);
    const { settled } = ports.store;
    // As a server does that applies its log later.
    ports.store.settled = async (table) => {
      if (table === 'analytics')
        await ports.store.write([{ table, rows: [blankAnalytics('live', 'btc-eth-1m', 60_000)] }]);
      await settled.call(ports.store, table);
    };
    const answer = await (await fetch(`${api.url}/api/v1/${path}`)).text();
    expect(answer).toContain('"time":60000');
    await api.stop();
    await ports.bus.close();
    await ports.store.close();
  },
);
