import type { AiModel } from '../models/index.ts';
import { type KeyedProviderName, isCustomProvider, ownNameOf } from '../providers/index.ts';
import type { CustomModel } from './custom-providers.schemas.ts';
import type { ProviderKeyRow } from './provider-keys.tables.ts';

/** The row of a custom provider. */
export type CustomProviderRow = ProviderKeyRow & {
  provider: `custom:${string}`;
  baseUrl: string;
  models: readonly CustomModel[];
  takesUsageOption: boolean;
};
/** The row of a key for a provider of the catalogue. */
export type CatalogueKeyRow = ProviderKeyRow & { provider: KeyedProviderName };

export const isCustomRow = (row: ProviderKeyRow): row is CustomProviderRow => isCustomProvider(row.provider);
export const isCatalogueRow = (row: ProviderKeyRow): row is CatalogueKeyRow => !isCustomRow(row);

/** The models of custom providers, in the form of the catalogue: named `provider/model`. */
export const customModelsOf = (rows: readonly ProviderKeyRow[]): AiModel[] =>
  rows.filter(isCustomRow).flatMap(({ provider, models }) =>
    models.map(({ id, capabilities, ...sizes }) => ({
      ...sizes,
      id: `${ownNameOf(provider)}/${id}`,
      provider,
      capabilities: capabilities.includes('reasoning')
        ? [...capabilities, 'adaptive_reasoning' as const]
        : capabilities,
      endsOn: null,
    })),
  );
