import type { Ctx } from '../../kernel/context/index.ts';
import { openKey, sealedKeyOf, selectProviderKeys } from '../provider-keys/index.ts';
import { type BatchProvider, ProviderFailure, type ProviderKey } from '../providers/index.ts';
import type { Batch } from './generation-batches.tables.ts';

/**
 * The provider of a batch with the key that it has now: a batch outlives the key with which it was created. A key of the
 * platform never takes the place of a missing one.
 * @throws ProviderFailure `key_refused` when there is none
 */
export async function openProvider(
  ctx: Ctx,
  { provider, ownKey }: Pick<Batch, 'provider' | 'ownKey'>,
): Promise<{ batches: BatchProvider; key: ProviderKey }> {
  const { chat } = ctx.ports;
  const { batches } = chat.of(provider);
  const key = ownKey ? await openOwnKey(ctx, provider) : chat.keyOf(provider);
  if (!key || !batches) throw new ProviderFailure(provider, 'key_refused');
  return { batches, key };
}

async function openOwnKey(ctx: Ctx, provider: Batch['provider']): Promise<ProviderKey | undefined> {
  const [keys] = await ctx.read((q) => [selectProviderKeys(q, ctx.organizationId)]);
  const row = keys.find((each) => each.provider === provider);
  return row && openKey(ctx, sealedKeyOf(row));
}
