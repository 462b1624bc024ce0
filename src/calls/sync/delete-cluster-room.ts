import type { Ctx } from '../../kernel/context/index.ts';
import { selectCall } from '../calls/index.ts';
import type { EndReason, Fact } from '../ledger/index.ts';

const isConcludedFromAbsence = ({ how }: Fact, reason: EndReason | null): boolean =>
  reason === 'lost' || (how === 'inferred' && reason !== 'nobody_came');

/**
 * Deletes the LiveKit room of a call that has ended. The room stays when the end was concluded from its absence: if the call
 * still runs on the cluster, its participants are not disconnected. A cluster that is no longer configured cannot be reached by a retry; if it is
 * configured again, the next sweep finds the room.
 */
export async function deleteClusterRoom(ctx: Ctx, { callId }: { callId: string }): Promise<void> {
  const [[call]] = await ctx.read((q) => [selectCall(q, ctx.organizationId, callId)]);
  if (!call?.ended || isConcludedFromAbsence(call.ended, call.endReason)) return;
  const { clusters } = ctx.ports;
  if (clusters.names.includes(call.cluster)) await clusters.api(call.cluster, ctx.trace).deleteRoom(callId);
  else ctx.log.warn('calls.cluster_unknown', { callId, cluster: call.cluster });
}
