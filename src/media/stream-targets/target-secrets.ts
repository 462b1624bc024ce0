import type { Ctx } from '../../kernel/context/index.ts';
import { rotateCiphertext, VaultError } from '../../kernel/crypto/index.ts';
import type { StreamTarget, TargetAddress } from './stream-targets.rules.ts';

const associatedDataOf = (targetId: string) => `streams.targets.${targetId}`;

/** Encrypts the address of a target, bound to it. */
export const sealAddress = ({ vault }: Ctx, targetId: string, address: string): Promise<string> =>
  vault.encrypt(address, associatedDataOf(targetId));

/** The addresses of open targets. If the key of one was removed, it is left out and logged. */
export async function openAddresses(
  { vault, log }: Ctx,
  targets: readonly StreamTarget[],
): Promise<TargetAddress[]> {
  const opened = targets.map(async ({ id, sealedAddress }) => {
    if (sealedAddress === null) return [];
    try {
      return [{ id, address: await vault.decrypt(sealedAddress, associatedDataOf(id)) }];
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      log.error('streams.address_not_readable', { targetId: id, error });
      return [];
    }
  });
  return (await Promise.all(opened)).flat();
}

/** The same targets with their addresses under the newest key of the product; the same list when they are already. */
export async function resealAddresses({ vault }: Ctx, targets: StreamTarget[]): Promise<StreamTarget[]> {
  const isOutdated = ({ sealedAddress }: StreamTarget) =>
    sealedAddress !== null && vault.isOutdated(sealedAddress);
  if (!targets.some(isOutdated)) return targets;
  return Promise.all(
    targets.map(async (target) => {
      const { id, sealedAddress } = target;
      if (!isOutdated(target)) return target;
      return {
        ...target,
        sealedAddress: (await rotateCiphertext(vault, sealedAddress!, associatedDataOf(id)))!,
      };
    }),
  );
}
