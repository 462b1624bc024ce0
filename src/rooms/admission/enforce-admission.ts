import type { Ctx } from '../../kernel/context/index.ts';
import { selectConnectedParticipant } from './enforce-admission.queries.ts';

/**
 * Disconnects a participant whose token is no longer valid: the call is over, or they were removed from the room. Runs for
 * each connection that the cluster reports.
 */
export async function enforceAdmission(
  ctx: Ctx,
  { callId, participantId }: { callId: string; participantId: string },
): Promise<void> {
  const [[found]] = await ctx.read((q) => [
    selectConnectedParticipant(q, ctx.organizationId, callId, participantId),
  ]);
  if (!found) return;
  const { identity, cluster, callStatus, removedAt } = found;
  const isOver = callStatus === 'ended' || callStatus === 'failed';
  if (!isOver && !removedAt) return;
  const disconnected = await ctx.ports.clusters.api(cluster, ctx.trace).removeParticipant(callId, identity);
  ctx.log.info('admission.enforced', { callId, participantId, isOver, disconnected });
}
