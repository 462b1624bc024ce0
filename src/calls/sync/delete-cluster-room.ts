import type { Ctx } from '../../kernel/context/index.ts';
import { selectCall } from '../calls/index.ts';

/**
 * Deletes what the cluster holds of a call that has ended. A call that was given up as lost keeps it: if it goes on at
 * the cluster after all, its participants are not disconnected. A cluster that is not configured any longer cannot be
 * reached by trying again; if it comes back, the reconciliation finds the room.
 */
export async function deleteClusterRoom(ctx: Ctx, { callId }: { callId: string }): Promise<void> {
  const [[call]] = await ctx.read((q) => [selectCall(q, ctx.organizationId, callId)]);
  if (!call?.endedAt || call.endReason === 'lost') return;
  const { clusters } = ctx.ports;
  if (clusters.names.includes(call.cluster)) await clusters.api(call.cluster, ctx.trace).deleteRoom(callId);
  else ctx.log.warn('calls.cluster_unknown', { callId, cluster: call.cluster });
}
