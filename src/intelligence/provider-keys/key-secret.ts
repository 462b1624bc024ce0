import type { Services } from '../../kernel/context/index.ts';
import { rotateCiphertext } from '../../kernel/crypto/index.ts';
import type { ProviderKey } from '../providers/index.ts';

/** An encrypted key of an organization, as it may be passed on; only `openKey` reads it. */
export interface SealedKey {
  id: string;
  sealedSecret: string;
}

const associatedDataOf = (keyId: string) => `ai_provider_keys.sealed_secret.${keyId}`;

export const sealKey = ({ vault }: Pick<Services, 'vault'>, keyId: string, secret: string): Promise<string> =>
  vault.encrypt(secret, associatedDataOf(keyId));

/** @throws VaultError when it is encrypted with a key of the product that was removed */
export const openKey = async (
  { vault }: Pick<Services, 'vault'>,
  { id, sealedSecret }: SealedKey,
): Promise<ProviderKey> => ({
  secret: await vault.decrypt(sealedSecret, associatedDataOf(id)),
});

/** The same key under the newest key of the product. @throws VaultError as `openKey` */
export const resealKey = async (
  { vault }: Pick<Services, 'vault'>,
  { id, sealedSecret }: SealedKey,
): Promise<string> => (await rotateCiphertext(vault, sealedSecret, associatedDataOf(id))) ?? sealedSecret;
