import { type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { resealKey } from './key-secret.ts';
import { replaceSealedKey, selectOutdatedKeys } from './provider-keys.queries.ts';

const MAX_KEYS_PER_RUN = 500;

/**
 * Scheduled each hour: encrypts keys with the newest key of the product, so that an older one can be removed. A key
 * that cannot be decrypted is logged, and its organization has to replace it.
 */
export async function resealKeys(services: Services): Promise<unknown> {
  const { vault, clock } = services;
  const [outdated] = await services.database.read(systemScope, (q) => [
    selectOutdatedKeys(q, vault.newestKeyId, new Date(clock.now()), MAX_KEYS_PER_RUN),
  ]);
  return runSweep(services, 'ai_provider_keys.reseal', outdated, async (ctx, row) => {
    const sealedSecret = await resealKey(ctx, row);
    await ctx.commit({ write: (q) => [replaceSealedKey(q, row, sealedSecret)], result: undefined });
  });
}
