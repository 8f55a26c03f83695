import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpointFault } from './endpoint-url.ts';
import { isForbiddenAddress } from './forbidden-address.ts';

describe('addresses that a webhook may not reach', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '::FFFF:169.254.169.254',
    '0:0:0:0:0:ffff:c0a8:1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::10.0.0.1',
    '64:ff9b:1::808:808',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '5f00::1',
    'localhost',
    '',
  ])('%s is refused', (address) => {
    expect(isForbiddenAddress(address)).toBe(true);
  });

  it.each([
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '192.167.1.1',
    '2606:4700::1111',
    '2a00:1450::1',
    '::ffff:8.8.8.8',
    // A network without IPv4 reaches the receivers that have nothing else by way of NAT64.
    '64:ff9b::808:808',
  ])('%s is on the public internet', (address) => {
    expect(isForbiddenAddress(address)).toBe(false);
  });

  it('an IPv4 address is judged alike by itself, mapped and by way of NAT64', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const plain = isForbiddenAddress(address);
        expect(isForbiddenAddress(`::ffff:${address}`)).toBe(plain);
        expect(isForbiddenAddress(`64:ff9b::${address}`)).toBe(plain);
      }),
    );
  });

  it.each([
    ['http://127.0.0.1/x', 'private or reserved address 127.0.0.1'],
    ['http://2130706433/x', 'private or reserved address 127.0.0.1'],
    ['http://0x7f.1/x', 'private or reserved address 127.0.0.1'],
    ['http://[::ffff:127.0.0.1]/', 'private or reserved address'],
    ['http://[64:ff9b::a00:1]/', 'private or reserved address'],
    ['http://localhost/', 'points at localhost'],
    ['http://LocalHost./', 'points at localhost.'],
    ['http://desk.localhost:8080/', 'points at desk.localhost'],
    ['ftp://example.com/', 'scheme ftp:'],
    ['file:///etc/passwd', 'scheme file:'],
    ['https://desk:50%@example.com/', 'a % that encodes nothing'],
    ['https://%zz:x@example.com/', 'a % that encodes nothing'],
    ['not a url', 'is not a URL'],
  ])('%s is refused as an endpoint, saying why', (url, why) => {
    expect(endpointFault(url, false)).toContain(why);
  });

  it('a name, and an allowed private address, pass until they are resolved', () => {
    expect(endpointFault('https://example.com/hook', false)).toBeUndefined();
    expect(endpointFault('https://notlocalhost.example/', false)).toBeUndefined();
    expect(endpointFault('http://127.0.0.1:1/hook', true)).toBeUndefined();
  });
});
