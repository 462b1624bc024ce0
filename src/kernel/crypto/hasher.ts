import { fromBase64Url, hex, utf8 } from '../core/index.ts';

/**
 * Keyed hashes of secrets that are looked up again: API keys, refresh tokens, one-time tokens, network addresses.
 * They are random and long (or, like addresses, need the pepper to be guessed at all), so no slow KDF is called for.
 */
export interface Hasher {
  /** HMAC-SHA256 in lower-case hex; `purpose` keeps equal values of different kinds apart. */
  hash(purpose: string, value: string): Promise<string>;
}

/** @param pepper base64url of at least 32 random bytes */
export function createHasher(pepper: string): Hasher {
  const key = crypto.subtle.importKey(
    'raw',
    fromBase64Url(pepper),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  return {
    async hash(purpose, value) {
      return hex(
        new Uint8Array(await crypto.subtle.sign('HMAC', await key, utf8(`${purpose}\u0000${value}`))),
      );
    },
  };
}
