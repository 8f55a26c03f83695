import { type Service, type ServiceContext, type TableName, tables } from '@tandem/runtime';

const day = 86_400_000;
const interval = 3_600_000;

/** Deletes rows older than the settings say, at once and every hour. */
export async function startRetention(
  context: ServiceContext,
  days: Readonly<Record<TableName, number>>,
): Promise<Service> {
  const expire = async () => {
    for (const name of Object.keys(tables) as TableName[]) {
      await context.store.expire(name, Date.now() - days[name] * day);
    }
  };
  const work = () =>
    expire().catch((error) =>
      context.log.warn({ err: error }, 'old rows could not be deleted, which is tried again in an hour:'),
    );
  let working = work();
  const timer = setInterval(() => {
    working = work();
  }, interval);
  return {
    name: 'retention',
    async stop() {
      clearInterval(timer);
      await working;
    },
  };
}
