import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { rotateCiphertext, VaultError } from '../../kernel/crypto/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { createPin } from './dial-ins.rules.ts';
import type { DialIn } from './dial-ins.tables.ts';
import { replaceSealedPin, selectOutdatedPins } from './sweep-dial-ins.queries.ts';

const MAX_PINS_PER_RUN = 500;
const associatedDataOf = (roomId: string) => `dial_ins.sealed_pin.${roomId}`;

/** A new PIN, encrypted, bound to its row. */
export const sealNewPin = ({ vault, ids }: Ctx, roomId: string): Promise<string> =>
  vault.encrypt(createPin(ids), associatedDataOf(roomId));

/** The PIN; null when it is encrypted with a key that was removed. */
export async function openPin(
  { vault, log }: Ctx,
  { id: roomId, sealedPin }: Pick<DialIn, 'id' | 'sealedPin'>,
): Promise<string | null> {
  try {
    return await vault.decrypt(sealedPin, associatedDataOf(roomId));
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    log.error('dial_ins.pin_not_readable', { roomId, error });
    return null;
  }
}

/** Scheduled each hour: encrypts PINs with the newest key of the product, so that an older key can be removed. */
export async function resealPins(services: Services): Promise<unknown> {
  const { vault, clock, database } = services;
  const [outdated] = await database.read(systemScope, (q) => [
    selectOutdatedPins(q, vault.newestKeyId, new Date(clock.now()), MAX_PINS_PER_RUN),
  ]);
  return runSweep(services, 'dial_ins.reseal', outdated, async (ctx, row) => {
    const resealed = await rotateCiphertext(ctx.vault, row.sealedPin, associatedDataOf(row.id));
    if (!resealed) return;
    await ctx.commit({ write: (q) => [replaceSealedPin(q, row, resealed)], result: undefined });
  });
}
