import type { Ctx } from '../../kernel/context/index.ts';
import { isAddressRefusal } from '../../platform/outgoing/index.ts';
import type { TargetAddress } from './stream-targets.rules.ts';

/**
 * Whether the guard of outgoing addresses lets an address pass at this moment: a name may lead elsewhere than when it was stored.
 * @throws AppError `outgoing.resolver_unavailable` when that cannot be said
 */
async function isAllowed({ ports }: Ctx, { address }: TargetAddress): Promise<boolean> {
  try {
    await ports.outgoing.requireAllowed(address, 'stream');
    return true;
  } catch (error) {
    if (isAddressRefusal(error)) return false;
    throw error;
  }
}

/** The ids of the targets that may no longer be sent to. @throws AppError `outgoing.resolver_unavailable` */
export async function findRefused(ctx: Ctx, addresses: readonly TargetAddress[]): Promise<Set<string>> {
  const checks = addresses.map(async (each) => ((await isAllowed(ctx, each)) ? [] : [each.id]));
  return new Set((await Promise.all(checks)).flat());
}
