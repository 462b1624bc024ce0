import { generateKeyPairSync, randomBytes } from 'node:crypto';

/** Fresh secrets of the strength that the configuration asks for; no secret stands in the tree. */
export function randomSecrets() {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return {
    SIGNING_KEYS: `k1:${Buffer.from(JSON.stringify(jwk)).toString('base64url')}`,
    ENCRYPTION_KEYS: `e1:${randomBytes(32).toString('base64url')}`,
    HASH_PEPPER: randomBytes(32).toString('base64url'),
    OPERATOR_TOKEN: randomBytes(32).toString('base64url'),
    MAIL_API_KEY: randomBytes(16).toString('base64url'),
  };
}
