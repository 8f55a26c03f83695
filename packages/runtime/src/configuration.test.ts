import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readConfiguration, withoutSecrets } from './configuration.ts';
import { type Description, listOf, numberFrom, yesOrNo } from './setting.ts';

const description = {
  port: {
    env: 'TANDEM_PORT',
    flag: '--port',
    schema: numberFrom(0, 65_535, 8080, 'whole'),
    default: '8080',
    help: 'port',
  },
  data: {
    env: 'TANDEM_DATA',
    flag: '--data',
    schema: z.string().min(1),
    default: './data',
    help: 'directory',
  },
  store: {
    env: 'TANDEM_STORE',
    flag: '--store',
    schema: z.string(),
    default: (text) => `duckdb:${text('data')}/tandem.duckdb`,
    help: 'store',
  },
  warmStart: {
    env: 'TANDEM_WARM_START',
    flag: '--warm-start',
    schema: yesOrNo,
    default: 'true',
    help: 'warm',
  },
  hooks: { env: 'TANDEM_HOOKS', flag: '--hooks', schema: listOf(z.string()), default: '', help: 'hooks' },
  key: {
    env: 'TANDEM_KEY',
    flag: '--key',
    schema: z.string().max(3, 'write at most 3 letters'),
    default: undefined,
    help: 'key',
    secret: true,
  },
} satisfies Description;

const read = (env: Record<string, string>, argv: string[] = []) => {
  const reading = readConfiguration(description, env, argv);
  if (reading.kind !== 'configuration') throw new Error(JSON.stringify(reading));
  return reading.configuration;
};
const faults = (env: Record<string, string>, argv: string[] = []) => {
  const reading = readConfiguration(description, env, argv);
  if (reading.kind !== 'faults') throw new Error(JSON.stringify(reading));
  return reading.faults;
};

describe('reading a configuration', () => {
  it('takes defaults, over them the environment, over that the command line', () => {
    expect(read({})).toEqual({
      port: 8080,
      data: './data',
      store: 'duckdb:./data/tandem.duckdb',
      warmStart: true,
      hooks: [],
      key: undefined,
    });
    expect(read({ TANDEM_PORT: '1', PATH: '/bin' }).port).toBe(1);
    expect(read({ TANDEM_PORT: '1' }, ['--port', '2']).port).toBe(2);
    expect(read({}, ['--port=3']).port).toBe(3);
    expect(read({ TANDEM_PORT: '' }).port).toBe(8080);
  });

  it('lets a default stand on what another setting was given', () => {
    expect(read({ TANDEM_DATA: '/var' }).store).toBe('duckdb:/var/tandem.duckdb');
    expect(read({}, ['--data', '/srv', '--store', 'duckdb::memory:']).store).toBe('duckdb::memory:');
  });

  it('takes yes and no as flags without a value', () => {
    expect(read({}, ['--no-warm-start']).warmStart).toBe(false);
    expect(read({ TANDEM_WARM_START: 'false' }, ['--warm-start', '--port', '1'])).toMatchObject({
      warmStart: true,
      port: 1,
    });
    expect(read({}, ['--warm-start', 'false']).warmStart).toBe(false);
    expect(read({}, ['--warm-start=false']).warmStart).toBe(false);
  });

  it('is frozen through and through', () => {
    const configuration = read({ TANDEM_HOOKS: 'a,b' });
    expect(Object.isFrozen(configuration)).toBe(true);
    expect(Object.isFrozen(configuration.hooks)).toBe(true);
  });

  it('tells every fault at once: what, where, how to mend', () => {
    expect(
      faults({ TANDEM_PORT: 'abc', TANDEM_PROT: '1', TANDEM_SOMETHING_ELSE: 'x' }, [
        '--warm-start=perhaps',
        '--dta',
        '/srv',
        'extra',
        '--store',
      ]),
    ).toEqual([
      'TANDEM_PROT is no setting: did you mean TANDEM_PORT?',
      'TANDEM_SOMETHING_ELSE is no setting: --help lists the settings',
      '--dta is no setting: did you mean --data?',
      'the argument "extra" is not understood: a setting is --name value',
      '--store has no value: write --store VALUE',
      'TANDEM_PORT is "abc", which is refused: write a whole number from 0 to 65535, for example 8080',
      '--warm-start is "perhaps", which is refused: write true or false',
    ]);
  });

  it.each(['-1', '65536', '1.5', '0x10', '1e3', ' 1', 'NaN', 'Infinity'])('refuses the port %j', (text) => {
    expect(faults({ TANDEM_PORT: text })).toHaveLength(1);
  });

  it('refuses a flag given twice, a no- for what is not yes or no, and a bare flag', () => {
    expect(faults({}, ['--port', '1', '--port=2'])).toEqual(['--port is given twice: give it once']);
    expect(faults({}, ['--no-port'])[0]).toMatch(/^--no-port is no setting/);
    expect(faults({}, ['--no-warm-start=true'])[0]).toMatch(/^--no-warm-start is no setting/);
    expect(faults({}, ['--port', '--data', 'x'])).toEqual(['--port has no value: write --port VALUE']);
  });

  it('never prints a secret', () => {
    const refused = faults({ TANDEM_KEY: 'SECRET' }).join();
    expect(refused).toBe('TANDEM_KEY is refused: write at most 3 letters');
    expect(withoutSecrets(description, read({ TANDEM_KEY: 'abc' }))).toMatchObject({
      key: '[secret]',
      port: 8080,
    });
    expect(withoutSecrets(description, read({})).key).toBeUndefined();
  });

  it('finds faults between settings once each is right by itself', () => {
    const check = () => ['--port and --data do not go together: leave one out'];
    expect(readConfiguration(description, {}, [], check)).toEqual({ kind: 'faults', faults: check() });
    expect(readConfiguration(description, { TANDEM_PORT: 'x' }, [], check)).toMatchObject({
      faults: [expect.stringContaining('TANDEM_PORT')],
    });
  });

  it('explains each setting on --help, whatever else is wrong', () => {
    const reading = readConfiguration(description, { TANDEM_PORT: 'x' }, ['--nonsense', '--help']);
    expect(reading.kind === 'help' && reading.text).toContain(
      '  --store\n      store (duckdb:./data/tandem.duckdb) [TANDEM_STORE]\n',
    );
  });
});
