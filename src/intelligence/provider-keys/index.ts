export { customModelsOf } from './custom-providers.rules.ts';
export { openKey, sealedKeyOf, type SealedKey } from './key-secret.ts';
export { selectProviderKeys } from './provider-keys.queries.ts';
export type { ProviderKeyRow } from './provider-keys.tables.ts';
