import { fromBase64Url, hex, utf8 } from '../core/index.ts';

/**
 * Keyed hashes of values that are looked up: API keys, refresh tokens, one-time tokens, network addresses. Tokens are long
 * and random, and addresses cannot be guessed without the pepper, so a slow KDF is not needed.
 */
export interface Hasher {
  /** HMAC-SHA256 in lower-case hex; `purpose` separates equal values of different kinds. */
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
