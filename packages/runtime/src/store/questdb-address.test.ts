import { expect, it } from 'vitest';
import { questdbAddress, questdbName } from './questdb-address.ts';

it('needs no more than a host', () => {
  expect(questdbAddress('questdb://db')).toEqual({
    host: 'db',
    httpPort: 9000,
    pgPort: 8812,
    user: 'admin',
    password: 'quest',
    named: false,
    prefix: '',
  });
});

it('takes ports, user, password and prefix, and names a server without its password', () => {
  const address = questdbAddress('questdb://me:p%40ss%3B@[::1]:19000/?pg=18812&prefix=one_');
  expect(address).toEqual({
    host: '[::1]',
    httpPort: 19_000,
    pgPort: 18_812,
    user: 'me',
    password: 'p@ss;',
    named: true,
    prefix: 'one_',
  });
  expect(questdbName(address)).toBe('QuestDB at [::1]:19000');
});

it.each([
  ['questdb:', 'it names no host'],
  ['questdb://', 'it names no host'],
  ['questdb://host:99999', 'it is no URL'],
  ['http://host', 'it does not begin with questdb://'],
  ['questdb://host/table', 'it has a path'],
  ['questdb://host?pg=0', 'pg is no port'],
  ['questdb://host?pg=a', 'pg is no port'],
  ['questdb://host?table=x', 'it has an unknown part "table"'],
  ["questdb://host?prefix=x';--", 'prefix may have'],
])('refuses %s in one sentence that shows how it is written', (text, why) => {
  expect(() => questdbAddress(text)).toThrow(`the store's URL is refused: ${why}`);
  expect(() => questdbAddress(text)).toThrow('write questdb://[USER:PASSWORD@]HOST');
});
