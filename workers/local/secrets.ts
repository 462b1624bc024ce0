import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readJsonFile, writePrivateJson } from './json-files.ts';

const randomSecret = () => randomBytes(32).toString('base64url');

function signingKey(id: string): string {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return `${id}:${Buffer.from(JSON.stringify(jwk)).toString('base64url')}`;
}

/** Creates a secret of each kind in the form of the configuration; `id` names the key within its ring. */
export const SECRET_MAKERS = {
  signing: signingKey,
  encryption: (id: string) => `${id}:${randomSecret()}`,
  pepper: randomSecret,
  operator: randomSecret,
} satisfies Record<string, (id: string) => string>;

/** Creates new secrets of the strength that the configuration requires; the repository contains none. */
export function randomSecrets() {
  return {
    SIGNING_KEYS: SECRET_MAKERS.signing('k1'),
    ENCRYPTION_KEYS: SECRET_MAKERS.encryption('e1'),
    HASH_PEPPER: SECRET_MAKERS.pepper(),
    OPERATOR_TOKEN: SECRET_MAKERS.operator(),
    MAIL_API_KEY: randomBytes(16).toString('base64url'),
  };
}

export type Secrets = Record<string, string>;

/** The secrets of this copy: created at its first start, in a file that only its owner can read; new kinds are added. */
export async function ensureSecrets(file: string): Promise<Secrets> {
  const storedSecrets = (await readJsonFile<Secrets>(file)) ?? {};
  const secrets = {
    ...randomSecrets(),
    LIVEKIT_API_KEY: `API${randomBytes(6).toString('hex')}`,
    LIVEKIT_API_SECRET: randomBytes(32).toString('base64url'),
    REDIS_PASSWORD: randomBytes(24).toString('base64url'),
    STORAGE_ACCESS_KEY_ID: `LOCAL${randomBytes(8).toString('hex')}`,
    STORAGE_SECRET_ACCESS_KEY: randomBytes(30).toString('base64url'),
    RECORDINGS_S3_ACCESS_KEY_ID: `LOCAL${randomBytes(8).toString('hex')}`,
    RECORDINGS_S3_SECRET_ACCESS_KEY: randomBytes(30).toString('base64url'),
    COMPRESSION_SECRET: randomSecret(),
    SPEECH_SECRET: randomSecret(),
    AGENTS_SECRET: randomSecret(),
    CAPTIONS_SECRET: randomSecret(),
    STRIPE_SECRET_KEY: `sk_test_${randomBytes(16).toString('hex')}`,
    STRIPE_WEBHOOK_SECRET: `whsec_${randomBytes(24).toString('hex')}`,
    PADDLE_API_KEY: `pdl_test_${randomBytes(16).toString('hex')}`,
    PADDLE_WEBHOOK_SECRET: `pdl_ntfset_${randomBytes(24).toString('hex')}`,
    ...storedSecrets,
  };
  if (Object.keys(secrets).length !== Object.keys(storedSecrets).length)
    await writePrivateJson(file, secrets);
  return secrets;
}
