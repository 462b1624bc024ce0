import type { Ctx } from '../../kernel/context/index.ts';
import { selectCall } from '../calls/index.ts';

/**
 * Deletes the LiveKit room of a call that has ended. The room of a lost call stays: if the call still runs on the cluster,
 * its participants are not disconnected. A cluster that is no longer configured cannot be reached by a retry; if it is
 * configured again, the next sweep finds the room.
 */
export async function deleteClusterRoom(ctx: Ctx, { callId }: { callId: string }): Promise<void> {
  const [[call]] = await ctx.read((q) => [selectCall(q, ctx.organizationId, callId)]);
  if (!call?.endedAt || call.endReason === 'lost') return;
  const { clusters } = ctx.ports;
  if (clusters.names.includes(call.cluster)) await clusters.api(call.cluster, ctx.trace).deleteRoom(callId);
  else ctx.log.warn('calls.cluster_unknown', { callId, cluster: call.cluster });
}
