import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { rotateCiphertext } from '../../kernel/crypto/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { replaceSealedPassword, selectOutdatedPasswords } from './sweep-phone-numbers.queries.ts';
import type { PhoneNumber } from './phone-numbers.tables.ts';

const MAX_NUMBERS_PER_RUN = 500;
const associatedDataOf = (phoneNumberId: string) => `phone_numbers.sealed_password.${phoneNumberId}`;

export const sealPassword = ({ vault }: Ctx, phoneNumberId: string, password: string): Promise<string> =>
  vault.encrypt(password, associatedDataOf(phoneNumberId));

/** What the provider sends with each call; null for nothing. @throws VaultError when it is encrypted with a key that was removed */
export async function openCredentials(
  { vault }: Ctx,
  { id, username, sealedPassword }: PhoneNumber,
): Promise<{ username: string; password: string } | null> {
  if (username === null || sealedPassword === null) return null;
  return { username, password: await vault.decrypt(sealedPassword, associatedDataOf(id)) };
}

/**
 * Scheduled each hour: encrypts the passwords of phone numbers with the newest key of the product, so that an older key
 * can be removed. A secret that cannot be decrypted is logged; its organization can replace it.
 */
export async function resealNumberPasswords(services: Services): Promise<unknown> {
  const { vault, clock, database } = services;
  const [outdated] = await database.read(systemScope, (q) => [
    selectOutdatedPasswords(q, vault.newestKeyId, new Date(clock.now()), MAX_NUMBERS_PER_RUN),
  ]);
  return runSweep(services, 'phone_numbers.reseal', outdated, async (ctx, { sealedPassword, ...row }) => {
    const resealed = await rotateCiphertext(ctx.vault, sealedPassword!, associatedDataOf(row.id));
    if (!resealed) return;
    await ctx.commit({
      write: (q) => [replaceSealedPassword(q, { ...row, sealedPassword: sealedPassword! }, resealed)],
      result: undefined,
    });
  });
}
