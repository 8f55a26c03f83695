import { type DestinationStream, type Logger, pino } from 'pino';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];
export const logFormats = ['pretty', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];

/** The log of a process or, as a child, of a service. */
export type Log = Logger;

export interface LogOptions {
  level?: LogLevel;
  /** `pretty` is a line for people, `json` one for machines; `auto` is pretty on a terminal. */
  format?: LogFormat | 'auto';
  /** Where lines go; standard output unless said otherwise. */
  write?: (line: string) => void;
}

/** Fields that hold secrets, wherever a service may log an object that has them. */
const secret = ['secret', 'password', 'token', 'apiKey', 'binanceApiKey', 'authorization', 'webhooks'];

/** Makes the log of a process. Secrets are struck out by the names of their fields. */
export function createLog(options: LogOptions = {}): Log {
  const write = options.write ?? ((line: string) => void process.stdout.write(line));
  const pretty = options.format === 'auto' ? process.stdout.isTTY === true : options.format === 'pretty';
  const destination: DestinationStream = {
    write: pretty ? (line) => write(prettyLine(line)) : write,
  };
  return pino(
    {
      level: options.level ?? 'info',
      base: {},
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
      redact: { paths: secret.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[secret]' },
    },
    destination,
  );
}

/** `12:00:01.250 warn  ingestor: the feed is down venue=sim` from a line of JSON. */
export function prettyLine(line: string): string {
  const { time, level, msg, name, service, err, error, ...rest } = JSON.parse(line) as Record<
    string,
    unknown
  >;
  const clock = String(time).slice(11, 23);
  const who = service ?? name;
  const fields = Object.entries(rest).map(([key, value]) => {
    return ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`;
  });
  const fault = (err ?? error) as { message?: string; stack?: string } | undefined;
  const cause = fault === undefined ? '' : ` ${fault.message ?? JSON.stringify(fault)}`;
  const stack = fault?.stack === undefined || level !== 'fatal' ? '' : `\n${fault.stack}`;
  const text = `${clock} ${String(level).padEnd(5)} ${who === undefined ? '' : `${who}: `}${msg ?? ''}${cause}${fields.join('')}`;
  return `${printable(text)}${stack}\n`;
}

/** Control characters from outside must not reach a terminal, nor make one line look like two. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}
