/**
 * IPv4 ranges that do not belong to the public internet (IANA special-purpose registry), multicast and the reserved rest:
 * first address and length of the prefix.
 */
const SPECIAL_IPV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

/** Ranges within 2000::/3 that are not public: IETF protocols with Teredo, documentation, 6to4, documentation. */
const SPECIAL_IPV6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const DECIMAL_IPV4 = /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/;

/** The bits of an IPv4 address in its one usual form; null for anything else. */
function ipv4Bits(text: string): bigint | null {
  if (!DECIMAL_IPV4.test(text)) return null;
  const parts = text.split('.').map(Number);
  if (parts.some((part) => part > 255)) return null;
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

/** An IPv6 address in the one form that the URL standard gives it; null when it is none. */
function normalizeIpv6(text: string): string | null {
  try {
    return new URL(`http://[${text}]/`).hostname.slice(1, -1);
  } catch {
    return null;
  }
}

function ipv6Bits(text: string): bigint | null {
  const normal = /^[\d.:a-f]{2,45}$/i.test(text) ? normalizeIpv6(text) : null;
  if (normal === null) return null;
  const [head = '', tail = ''] = normal.split('::');
  const [first, last] = [head, tail].map((half) => half.split(':').filter(Boolean)) as [string[], string[]];
  const groups = [...first, ...Array<string>(8 - first.length - last.length).fill('0'), ...last];
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}

const isWithin = (bits: bigint, base: bigint, prefix: number, width: number): boolean =>
  bits >> BigInt(width - prefix) === base >> BigInt(width - prefix);

/**
 * Whether a text is an IP address of the public internet. Addresses that carry an IPv4 address (mapped, NAT64, 6to4, Teredo)
 * are not: whatever they lead to has an address of its own.
 * @param text as a URL's `hostname` has it without brackets, or as a resolver answers
 */
export function isGlobalAddress(text: string): boolean {
  const ipv4 = ipv4Bits(text);
  if (ipv4 !== null)
    return !SPECIAL_IPV4.some(([base, prefix]) => isWithin(ipv4, ipv4Bits(base)!, prefix, 32));
  const ipv6 = ipv6Bits(text);
  if (ipv6 === null || !isWithin(ipv6, ipv6Bits('2000::')!, 3, 128)) return false;
  return !SPECIAL_IPV6.some(([base, prefix]) => isWithin(ipv6, ipv6Bits(base)!, prefix, 128));
}

/** Whether a URL's `hostname` is an IPv4 address, in the one form that the URL standard gives it. */
export const isIpv4 = (hostname: string): boolean => ipv4Bits(hostname) !== null;
