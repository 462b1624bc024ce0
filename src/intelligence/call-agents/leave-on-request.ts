import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { requireModerator, requireRoomAccess, type RoomAccessRequest } from '../../rooms/access/index.ts';
import { callAgentErrors } from './call-agents.errors.ts';
import { selectHeld, selectSeatOf } from './call-agents.queries.ts';
import type { LeaveOnRequest } from './call-agents.schemas.ts';
import type { CallAgent } from './call-agents.tables.ts';
import { disconnect, removal } from './manage-call-agents.ts';

/**
 * A participant has asked an agent to leave, aloud or in the chat. It leaves if that participant moderates the call,
 * by their present role in it.
 * @throws AppError `call_agents.not_held` for a process that does not have it, `moderation.not_moderator`
 */
export async function leaveOnRequest(
  ctx: Ctx,
  { worker, callAgentId, identity }: LeaveOnRequest,
): Promise<void> {
  const now = new Date(ctx.clock.now());
  const [[found], [seat]] = await ctx.read(
    (q) => [selectHeld(q, worker, callAgentId, now), selectSeatOf(q, callAgentId, identity)],
    systemScope,
  );
  if (!found) throw callAgentErrors.notHeld();
  const { organizationId } = found.row;
  const own = ctx.as({ kind: 'system', name: 'call_agents.leave', organizationId });
  await takeOutFor(own, found.row, seat && { identity, role: seat.role });
}

async function takeOutFor(ctx: Ctx, row: CallAgent, caller: RoomAccessRequest['caller']): Promise<void> {
  const [access] = await requireRoomAccess(ctx, { roomId: row.roomId, caller });
  requireModerator(caller ? access : { role: null });
  const removed = removal(ctx, row, { askedBy: caller!.identity });
  await ctx.commit({ ...removed, audit: removed.audit });
  await disconnect(ctx, row);
}
