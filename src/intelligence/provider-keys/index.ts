export { openKey, type SealedKey } from './key-secret.ts';
export { selectProviderKeys } from './provider-keys.queries.ts';
export type { ProviderKeyRow } from './provider-keys.tables.ts';
