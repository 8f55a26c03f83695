import { z } from 'zod';
import { logFormats, logLevels } from './log.ts';
import { adapterFault } from './open.ts';
import { type Description, listOf, numberFrom, numbersByName, oneOf } from './setting.ts';
import { type TableName, tables } from './store/tables.ts';

const path = z.string().min(1, 'write a directory, for example ./data');
const port = (name: 'bus' | 'store' | 'settings') =>
  z.string().superRefine((url, context) => {
    const message = adapterFault(name, url);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
const host = z
  .string()
  .regex(/^[A-Za-z0-9.:[\]-]{1,255}$/, 'write a host name or address, for example 127.0.0.1 or tandem.lan');
const tableNames = Object.keys(tables) as [TableName, ...TableName[]];
const defaultDays = Object.fromEntries(
  tableNames.map((name) => [name, tables[name].retentionDays]),
) as Record<TableName, number>;
const days = tableNames.map((name) => `${name}=${defaultDays[name]}`).join(',');

/** Where things rest, who may come, and what is logged. */
export const processSettings = {
  data: {
    env: 'TANDEM_DATA',
    flag: '--data',
    schema: path,
    default: './data',
    help: 'directory of everything that Tandem keeps',
  },
  bus: {
    env: 'TANDEM_BUS',
    flag: '--bus',
    schema: port('bus'),
    default: 'memory:',
    help: 'how services talk',
  },
  store: {
    env: 'TANDEM_STORE',
    flag: '--store',
    schema: port('store'),
    default: (text) => `duckdb:${text('data')}/tandem.duckdb`,
    help: 'where rows rest',
  },
  settings: {
    env: 'TANDEM_SETTINGS',
    flag: '--settings',
    schema: port('settings'),
    default: (text) => `file:${text('data')}/settings`,
    help: 'where studies, rules and endpoints rest',
  },
  host: {
    env: 'TANDEM_HOST',
    flag: '--host',
    schema: host,
    default: '127.0.0.1',
    help: 'address that the dashboard and the API listen on',
  },
  port: {
    env: 'TANDEM_PORT',
    flag: '--port',
    schema: numberFrom(0, 65_535, 8080, 'whole'),
    default: '8080',
    help: 'their port; 0 takes any that is free',
  },
  healthPort: {
    env: 'TANDEM_HEALTH_PORT',
    flag: '--health-port',
    schema: numberFrom(0, 65_535, 9100, 'whole'),
    default: '9100',
    help: 'port of health and metrics in a process without the API; 0 takes any that is free',
  },
  allowedHosts: {
    env: 'TANDEM_ALLOWED_HOSTS',
    flag: '--allowed-hosts',
    schema: listOf(host),
    default: '',
    help: 'names besides the loopback ones by which browsers may come, with commas between them',
  },
  retentionDays: {
    env: 'TANDEM_RETENTION_DAYS',
    flag: '--retention-days',
    schema: numbersByName(tableNames, numberFrom(1, 36_500, 30, 'whole'), days).transform((given) => ({
      ...defaultDays,
      ...given,
    })),
    default: days,
    help: 'how many days rows are kept, by table',
  },
  logLevel: {
    env: 'TANDEM_LOG_LEVEL',
    flag: '--log-level',
    schema: oneOf(logLevels),
    default: 'info',
    help: 'the least that is logged',
  },
  logFormat: {
    env: 'TANDEM_LOG_FORMAT',
    flag: '--log-format',
    schema: oneOf(['auto', ...logFormats]),
    default: 'auto',
    help: 'lines for people (pretty) or machines (json); auto is pretty on a terminal',
  },
} satisfies Description;
