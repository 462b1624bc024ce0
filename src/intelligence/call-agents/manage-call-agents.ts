import { actAtCluster } from '../../calls/clusters/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { requireModerator, requireRoomAccess } from '../../rooms/access/index.ts';
import { callAgentErrors } from './call-agents.errors.ts';
import { endCallAgent, selectCallAgent, selectCallAgents } from './call-agents.queries.ts';
import type { CallAgent } from './call-agents.tables.ts';

/** The agents of the active call. @throws AppError `rooms.*` */
export async function listCallAgents(ctx: Ctx, roomId: string): Promise<CallAgent[]> {
  const [, rows] = await requireRoomAccess(ctx, { roomId }, (q) => [
    selectCallAgents(q, ctx.organizationId, roomId),
  ]);
  return rows.map(({ callAgent }) => callAgent);
}

/** Takes an agent out of its call at once; its process follows. @throws AppError `rooms.*`, `moderation.not_moderator` or `call_agents.not_found` */
export async function removeCallAgent(ctx: Ctx, roomId: string, callAgentId: string): Promise<void> {
  const [access, [row]] = await requireRoomAccess(ctx, { roomId }, (q) => [
    selectCallAgent(q, ctx.organizationId, roomId, callAgentId),
  ]);
  requireModerator(access);
  if (!row || row.state === 'ended') throw callAgentErrors.notFound();
  const removed = removal(ctx, row);
  await ctx.commit({ ...removed, audit: removed.audit });
  await disconnect(ctx, row);
}

/** The commit that ends an agent. @param asked the identity that asked for it, if it is not the actor */
export const removal = (ctx: Ctx, row: CallAgent, asked: { askedBy?: string } = {}) => ({
  write: (q: Queries) => endCallAgent(q, row, 'removed', new Date(ctx.clock.now())),
  audit: {
    action: 'call_agent.removed',
    target: { type: 'room', id: row.roomId },
    before: { callAgentId: row.id, agentId: row.agentId, ...asked },
  },
  result: undefined,
});

/** Disconnects its participant from the call. */
export const disconnect = (ctx: Ctx, { cluster, callId, id }: CallAgent): Promise<unknown> =>
  actAtCluster(ctx, cluster, 'call_agents.remove', (api) => api.removeParticipant(callId, id));
