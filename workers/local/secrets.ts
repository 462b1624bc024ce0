import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readJson, writePrivate } from './files.ts';

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

export type Secrets = Record<string, string>;

/** The secrets of this copy: made at its first start, kept in a file only its owner reads, completed when new ones come. */
export async function keepSecrets(file: string): Promise<Secrets> {
  const kept = (await readJson<Secrets>(file)) ?? {};
  const secrets = {
    ...randomSecrets(),
    LIVEKIT_API_KEY: `API${randomBytes(6).toString('hex')}`,
    LIVEKIT_API_SECRET: randomBytes(32).toString('base64url'),
    ...kept,
  };
  if (Object.keys(secrets).length !== Object.keys(kept).length) await writePrivate(file, secrets);
  return secrets;
}
