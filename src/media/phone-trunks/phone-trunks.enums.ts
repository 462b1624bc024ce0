/** How the media server talks to the other end of a trunk; `auto` takes what works. */
export const TRUNK_TRANSPORTS = ['auto', 'udp', 'tcp', 'tls'] as const;
export type TrunkTransport = (typeof TRUNK_TRANSPORTS)[number];
