import { BlockList, isIP, isIPv4 } from 'node:net';

// Two lists: Node matches an IPv4 address against IPv6 networks too, as if it were mapped.
const forbidden = { ipv4: new BlockList(), ipv6: new BlockList() };
/** Networks that a public receiver cannot live in (IANA's special-purpose registries). */
const networks: [string, number, 'ipv4' | 'ipv6'][] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  // Of IPv6 only global unicast (2000::/3) is public; within it, these carry or document other addresses.
  ['::', 3, 'ipv6'],
  ['4000::', 2, 'ipv6'],
  ['8000::', 1, 'ipv6'],
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['3fff::', 20, 'ipv6'],
];
for (const [address, prefix, family] of networks) forbidden[family].addSubnet(address, prefix, family);

/** Whether an IP address is private, loopback, link-local or otherwise not on the public internet. What is no address is forbidden. */
export function isForbiddenAddress(address: string): boolean {
  const bare = address.split('%')[0] as string;
  if (isIP(bare) === 0) return true;
  if (isIPv4(bare)) return forbidden.ipv4.check(bare, 'ipv4');
  const carried = carriedAddress(bare);
  if (carried !== undefined) return forbidden.ipv4.check(carried, 'ipv4');
  return forbidden.ipv6.check(bare, 'ipv6');
}

/** The IPv4 address at which an IPv6 address ends up: mapped (::ffff:0:0/96), or by way of NAT64 (64:ff9b::/96). */
function carriedAddress(address: string): string | undefined {
  const groups = groupsOf(address);
  const head = groups.slice(0, 6).join(':');
  if (head !== '0:0:0:0:0:ffff' && head !== '64:ff9b:0:0:0:0') return undefined;
  return groups
    .slice(6)
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}

/** The eight groups of an IPv6 address, in lower case and without leading zeros. */
function groupsOf(address: string): string[] {
  // The URL parser writes what is IPv4 in it as groups, and every address in one way.
  const written = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = written.split('::');
  const left = head === '' ? [] : head.split(':');
  if (tail === undefined) return left;
  const right = tail === '' ? [] : tail.split(':');
  return [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
}
