import type { Config } from '../../kernel/config/index.ts';
import { encodeBase32, type Ids } from '../../kernel/core/index.ts';
import type { Hasher } from '../../kernel/crypto/index.ts';

/**
 * `al_live_` or `al_test_`, 32 random bytes in base 32 (two groups of 26 characters), and eight characters of a keyed
 * checksum: a key that was mistyped, cut off or invented is refused without a query.
 */
const SECRET_PATTERN = /^al_(?:live|test)_[0-9a-hjkmnp-tv-z]{52}[0-9a-f]{8}$/;
const CHECKSUM_CHARS = 8;
const PREFIX_CHARS = 'al_live_'.length + 6;
const HALF_SECRET_BYTES = 16;

/** Every API key starts with it, and no other credential. */
export const API_KEY_PREFIX = 'al_';

export interface ApiKeySecret {
  /** The whole key; stored nowhere. */
  secret: string;
  /** Its first characters, which are stored readable. */
  prefix: string;
  hash: string;
}

const checksumOf = async (hasher: Hasher, body: string) =>
  (await hasher.hash('api-key-checksum', body)).slice(0, CHECKSUM_CHARS);

/** The form in which a key is stored and looked up. */
export function hashSecret(hasher: Hasher, secret: string): Promise<string> {
  return hasher.hash('api-key', secret);
}

export async function createSecret(
  ids: Ids,
  hasher: Hasher,
  environment: Config['ENVIRONMENT'],
): Promise<ApiKeySecret> {
  const random = encodeBase32(ids.random(HALF_SECRET_BYTES)) + encodeBase32(ids.random(HALF_SECRET_BYTES));
  const body = `${API_KEY_PREFIX}${environment === 'production' ? 'live' : 'test'}_${random}`;
  const secret = body + (await checksumOf(hasher, body));
  return { secret, prefix: secret.slice(0, PREFIX_CHARS), hash: await hashSecret(hasher, secret) };
}

/** Whether the text has the form and the checksum of a key that this product created. */
export async function isWellFormedSecret(hasher: Hasher, text: string): Promise<boolean> {
  if (!SECRET_PATTERN.test(text)) return false;
  const body = text.slice(0, -CHECKSUM_CHARS);
  return text.slice(-CHECKSUM_CHARS) === (await checksumOf(hasher, body));
}
