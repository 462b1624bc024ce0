import type { Ctx } from '../../kernel/context/index.ts';
import { networkOf } from '../../platform/limits/index.ts';

/**
 * Stands for the caller's network in one call; null when it is not known. The address itself is not stored, and calls
 * cannot be compared.
 */
export async function hashSeatNetwork(
  { hasher, origin: { ip } }: Pick<Ctx, 'hasher' | 'origin'>,
  callId: string,
): Promise<string | null> {
  return ip === null ? null : hasher.hash('admission.network', `${callId}\u0000${networkOf(ip)}`);
}
