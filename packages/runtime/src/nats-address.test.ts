import { expect, it } from 'vitest';
import { natsAddress } from './nats-address.ts';

it.each([
  ['nats://host', { server: 'host:4222', shown: 'nats://host:4222', tls: false }],
  ['nats://[::1]:5000/', { server: '[::1]:5000', shown: 'nats://[::1]:5000', tls: false }],
  ['nats://host?tls', { server: 'host:4222', shown: 'nats://host:4222?tls', tls: true }],
  [
    'nats://us%40er:p%3Ass@host:1',
    { server: 'host:1', shown: 'nats://host:1', tls: false, user: 'us@er', password: 'p:ss' },
  ],
  ['nats://token@host', { server: 'host:4222', shown: 'nats://host:4222', tls: false, token: 'token' }],
])('reads the NATS address %s, and shows it without secrets', (url, address) => {
  expect(natsAddress(url)).toEqual(address);
});

it.each([
  '',
  'nats:',
  'nats://',
  'nats:host',
  'http://host',
  'nats://host/path',
  'nats://host?x=1',
  'nats://:p@host',
  'nats://%zz@host',
  'nats://host:99999',
  'nats://host#x',
])('takes %j for no NATS address', (url) => {
  expect(natsAddress(url)).toBeUndefined();
});
