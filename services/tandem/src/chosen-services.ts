import type { TandemConfiguration } from '@tandem/runtime';
import { type ServiceName, serviceNames } from './parts.ts';

/** Splits `start`'s arguments into the services named before the first flag (all five if none is) and the rest. Throws one sentence. */
export function chosenServices(argv: readonly string[]): { services: ServiceName[]; flags: string[] } {
  const first = argv.findIndex((argument) => argument.startsWith('-'));
  const end = first < 0 ? argv.length : first;
  const names = argv.slice(0, end);
  const unknown = names.find((name) => !serviceNames.includes(name as ServiceName));
  if (unknown !== undefined) {
    throw new Error(`"${unknown}" is no service: name some of ${serviceNames.join(', ')}, or none for all.`);
  }
  const services = serviceNames.filter((name) => names.length === 0 || names.includes(name));
  return { services, flags: argv.slice(end) };
}

/** Why these services cannot run apart from the others with these adapters, or undefined if they can. */
export function apartFault(
  services: readonly ServiceName[],
  { bus, store }: Pick<TandemConfiguration, 'bus' | 'store'>,
): string | undefined {
  if (services.length === serviceNames.length) return undefined;
  const missing = serviceNames.filter((name) => !services.includes(name)).join(', ');
  if (bus.startsWith('memory:')) {
    return `the bus ${bus} joins the services of one process only, and ${missing} would be missing: run all services, or set TANDEM_BUS=nats://HOST:4222`;
  }
  if (store.startsWith('duckdb:')) {
    return `the store ${store} belongs to one process, and ${missing} would be missing: run all services, or set TANDEM_STORE=questdb://HOST:9000`;
  }
  return undefined;
}
