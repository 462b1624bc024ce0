import type { Ctx } from '../../kernel/context/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { mustNotBeExcluded } from './admission.queries.ts';
import type { AdmissionState, Applicant } from './admission.rules.ts';
import { openCallOf } from './prepare-seat.ts';
import { hashSeatNetwork } from './seat-network.ts';

/**
 * The condition of a commit that the network of a new guest was not excluded from the open call together with somebody who
 * was removed. Guests who were connected to the call before return to it, and a moderator may let others in.
 */
export async function networkCondition(
  ctx: Ctx,
  state: AdmissionState,
  { kind }: Applicant,
  isApproved: boolean,
): Promise<(q: Queries) => Statement[]> {
  const call = openCallOf(ctx.ports, state);
  if (kind !== 'guest' || isApproved || !call || state.seat?.joinedAt) return () => [];
  const network = await hashSeatNetwork(ctx, call.id);
  if (network === null) return () => [];
  return (q) => [mustNotBeExcluded(q, { roomId: state.room.id, callId: call.id, network })];
}
