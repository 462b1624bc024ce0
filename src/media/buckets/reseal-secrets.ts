import { type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { resealSecret } from './bucket-secret.ts';
import { replaceSealedSecret, selectOutdatedSecrets } from './buckets.queries.ts';

const MAX_BUCKETS_PER_RUN = 500;

/**
 * Scheduled each hour: encrypts the secrets of buckets with the newest key of the product, so that an older key can be
 * removed. A secret that cannot be decrypted is logged; its organization can replace it.
 */
export async function resealSecrets(services: Services): Promise<unknown> {
  const { vault, clock } = services;
  const [outdated] = await services.database.read(systemScope, (q) => [
    selectOutdatedSecrets(q, vault.newestKeyId, new Date(clock.now()), MAX_BUCKETS_PER_RUN),
  ]);
  return runSweep(services, 'buckets.reseal', outdated, async (ctx, row) => {
    const sealedSecret = await resealSecret(ctx, row);
    await ctx.commit({ write: (q) => [replaceSealedSecret(q, row, sealedSecret)], result: undefined });
  });
}
