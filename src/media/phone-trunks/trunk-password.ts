import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { rotateCiphertext } from '../../kernel/crypto/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { replaceSealedPassword, selectOutdatedPasswords } from './phone-trunks.queries.ts';
import type { PhoneTrunk } from './phone-trunks.tables.ts';

const MAX_TRUNKS_PER_RUN = 500;
const associatedDataOf = (trunkId: string) => `phone_trunks.sealed_password.${trunkId}`;

export const sealPassword = ({ vault }: Ctx, trunkId: string, password: string): Promise<string> =>
  vault.encrypt(password, associatedDataOf(trunkId));

/** What the other end of a trunk asks for; null when it asks for nothing. */
export interface TrunkCredentials {
  username: string;
  password: string;
}

/** @throws VaultError when the password is encrypted with a key that was removed */
export async function openCredentials(
  { vault }: Ctx,
  { id, username, sealedPassword }: PhoneTrunk,
): Promise<TrunkCredentials | null> {
  if (username === null || sealedPassword === null) return null;
  return { username, password: await vault.decrypt(sealedPassword, associatedDataOf(id)) };
}

/**
 * Scheduled each hour: encrypts the passwords of trunks with the newest key of the product, so that an older key can be
 * removed. A secret that cannot be decrypted is logged; its organization can replace it.
 */
export async function resealPasswords(services: Services): Promise<unknown> {
  const { vault, clock, database } = services;
  const [outdated] = await database.read(systemScope, (q) => [
    selectOutdatedPasswords(q, vault.newestKeyId, new Date(clock.now()), MAX_TRUNKS_PER_RUN),
  ]);
  return runSweep(services, 'phone_trunks.reseal', outdated, async (ctx, { sealedPassword, ...row }) => {
    const resealed = await rotateCiphertext(ctx.vault, sealedPassword!, associatedDataOf(row.id));
    if (!resealed) return;
    await ctx.commit({
      write: (q) => [replaceSealedPassword(q, { ...row, sealedPassword: sealedPassword! }, resealed)],
      result: undefined,
    });
  });
}
