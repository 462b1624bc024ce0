import { outgoingErrors } from './outgoing.errors.ts';
import { isGlobalAddress, isIpv4 } from './global-addresses.rules.ts';

const MAX_ADDRESS_LENGTH = 2_048;

interface SchemeRule {
  defaultPort: number;
  /** The ports that it may have; `unprivileged` for all from 1024. */
  ports: readonly number[] | 'unprivileged';
}

const SCHEMES: Readonly<Record<string, SchemeRule>> = {
  'https:': { defaultPort: 443, ports: [443, 8443, 9000, 9443] },
  'rtmp:': { defaultPort: 1935, ports: [1935] },
  'rtmps:': { defaultPort: 443, ports: [443, 1935, 2935] },
  'srt:': { defaultPort: 9000, ports: 'unprivileged' },
  'sip:': { defaultPort: 5060, ports: [5060, 5061, 5062, 5070, 5080, 5081, 5090] },
};

/** What an address is for, and the schemes that it may have. */
const KINDS = { web: ['https:'], stream: ['rtmp:', 'rtmps:', 'srt:'], phone: ['sip:'] } as const;
export type AddressKind = keyof typeof KINDS;

/**
 * A host name and a port in plain characters. The URL standard normalizes hosts of `https` only, and servers that
 * stream or dial read odd spellings in other ways than we would.
 */
const PLAIN_HOST = /^(?:rtmps?|srt|sip):\/\/(?:[a-z\d.-]+|\[[\da-f:.]+\])(?::\d{1,5})?(?:[/?]|$)/i;

/** Names that networks use for themselves (RFC 6761, 6762, 8375, 9476, and in practice). */
const LOCAL_NAME =
  /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|arpa|onion|alt|invalid|test)$/;
const HOST_NAME = /^(?=.{4,253}$)(?:[a-z\d_](?:[a-z\d_-]{0,61}[a-z\d])?\.)+[a-z][a-z\d-]{0,61}[a-z\d]$/;

const refuse = (detail: string) => outgoingErrors.addressRefused({ detail });
const NOT_PUBLIC =
  'The address must lead to the public internet, not to a private, local or reserved network.';

export const refuseNotPublic = () => refuse(NOT_PUBLIC);

function parseUrl(address: string, kind: AddressKind): URL {
  const schemes: readonly string[] = KINDS[kind];
  const url = address.length <= MAX_ADDRESS_LENGTH ? URL.parse(address) : null;
  if (!url) throw refuse(`The address must be a URL of at most ${MAX_ADDRESS_LENGTH} characters.`);
  if (!schemes.includes(url.protocol)) {
    const names = schemes.map((scheme) => `${scheme}//`).join(', ');
    throw refuse(`The address must begin with ${names}.`);
  }
  if (url.username || url.password) throw refuse('The address must not contain a user name or a password.');
  if (kind !== 'web' && !PLAIN_HOST.test(address))
    throw refuse('The host of the address must be written in plain letters, digits, dots and hyphens.');
  return url;
}

function requirePort({ protocol, port }: URL): void {
  const { defaultPort, ports } = SCHEMES[protocol]!;
  const number = port === '' ? defaultPort : Number(port);
  const isAllowed = ports === 'unprivileged' ? number >= 1024 : ports.includes(number);
  const allowed = ports === 'unprivileged' ? '1024 to 65535' : ports.join(', ');
  if (!isAllowed) throw refuse(`The port of the address must be one of ${allowed}.`);
}

/** The host as the URL standard spells it: that of another scheme than `https` is not normalized by itself. */
function normalHostOf(url: URL): string {
  const normal = url.protocol === 'https:' ? url : URL.parse(`https://${url.hostname}/`);
  if (!normal) throw refuse('The host of the address cannot be read.');
  return normal.hostname.replace(/\.$/, '');
}

/** An address that may be used if its name leads to the public internet. */
export interface ParsedAddress {
  url: URL;
  /** The name to look up; null when the host is an IP address of the public internet. */
  name: string | null;
}

/**
 * Reads an address that a customer gives.
 * @throws AppError `outgoing.address_refused` with what is wrong with it
 */
export function parseAddress(address: string, kind: AddressKind): ParsedAddress {
  const url = parseUrl(address, kind);
  requirePort(url);
  url.hash = '';
  const host = normalHostOf(url);
  const literal = host.startsWith('[') ? host.slice(1, -1) : isIpv4(host) ? host : null;
  if (literal !== null) {
    if (!isGlobalAddress(literal)) throw refuseNotPublic();
    return { url, name: null };
  }
  if (LOCAL_NAME.test(host) || !HOST_NAME.test(host)) throw refuseNotPublic();
  return { url, name: host };
}

/** Whether the configuration allows an address as it is, by its scheme, host and port. */
export function isListed(address: string, allowed: readonly string[]): boolean {
  const url = URL.parse(address);
  return url !== null && !url.username && !url.password && allowed.includes(`${url.protocol}//${url.host}`);
}
