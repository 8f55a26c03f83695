import { type ServiceHealth, subjects } from '@tandem/common';
import type { Service, ServiceContext } from './service.ts';

const interval = 2_000;

/** Says on the bus how the parts of this process are, for processes that cannot see them: the api's page. */
export async function announceHealth(
  context: Pick<ServiceContext, 'bus' | 'health'>,
  service: string,
): Promise<Service> {
  const announce = () => {
    const statement: ServiceHealth = { service, at: Date.now(), parts: [...context.health.read().parts] };
    // A bus that is away is noticed by the silence.
    void context.bus.publish(subjects.health(service), statement).catch(() => undefined);
  };
  announce();
  const timer = setInterval(announce, interval);
  return {
    name: 'health announcements',
    async stop() {
      clearInterval(timer);
    },
  };
}
