import type { Services } from '../../kernel/context/index.ts';
import { rotateCiphertext } from '../../kernel/crypto/index.ts';
import type { ChatEndpoint, ProviderKey } from '../providers/index.ts';
import { isCustomRow } from './custom-providers.rules.ts';
import type { ProviderKeyRow } from './provider-keys.tables.ts';

/** An encrypted key of an organization, as it may be passed on; only `openKey` reads it. */
export interface SealedKey {
  id: string;
  sealedSecret: string;
  /** For a custom provider. */
  endpoint?: ChatEndpoint | undefined;
}

type Vault = Pick<Services, 'vault'>;

/** The address is part of it: a key for one address can be decrypted for no other. */
const associatedDataOf = ({ id, endpoint }: Omit<SealedKey, 'sealedSecret'>) =>
  `ai_provider_keys.sealed_secret.${id}${endpoint ? `.${endpoint.baseUrl}` : ''}`;

export const sealedKeyOf = (row: ProviderKeyRow): SealedKey => ({
  id: row.id,
  sealedSecret: row.sealedSecret,
  ...(isCustomRow(row) ? { endpoint: { baseUrl: row.baseUrl, takesUsageOption: row.takesUsageOption } } : {}),
});

export const sealKey = (
  { vault }: Vault,
  key: Omit<SealedKey, 'sealedSecret'>,
  secret: string,
): Promise<string> => vault.encrypt(secret, associatedDataOf(key));

/** @throws VaultError when it is encrypted with a key of the product that was removed */
export const openKey = async ({ vault }: Vault, key: SealedKey): Promise<ProviderKey> => ({
  secret: await vault.decrypt(key.sealedSecret, associatedDataOf(key)),
  endpoint: key.endpoint,
});

/** The same key under the newest key of the product. @throws VaultError as `openKey` */
export const resealKey = async ({ vault }: Vault, row: ProviderKeyRow): Promise<string> =>
  (await rotateCiphertext(vault, row.sealedSecret, associatedDataOf(sealedKeyOf(row)))) ?? row.sealedSecret;
