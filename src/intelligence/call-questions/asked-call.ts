import type { Call } from '../../calls/calls/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { isModeratorRole, requireRoomAccess, restrictedViewer } from '../../rooms/access/index.ts';
import { questionErrors } from './call-questions.errors.ts';
import { selectCallToAsk } from './call-questions.queries.ts';

/** A call that somebody asks about. */
export interface AskedCall {
  call: Call;
  /** When it began; its times count from then. */
  begun: Date;
  /** The asker may know what was said from then on. */
  from: Date;
  isChatOn: boolean;
}

/**
 * A call about which the caller may ask: all of it for a moderator of the room, otherwise from the moment when they
 * joined it.
 * @throws AppError `call_questions.call_not_found`, `call_questions.not_there`, `rooms.not_found`, `rooms.removed`
 */
export async function requireCall(ctx: Ctx, callId: string, userId: string): Promise<AskedCall> {
  const reader = { viewer: restrictedViewer(ctx.actor), identity: userId };
  const [[found]] = await ctx.read((q) => [selectCallToAsk(q, ctx.organizationId, callId, reader)]);
  if (!found) throw questionErrors.callNotFound();
  const { call, joinedAt } = found;
  const [{ role, relation, room }] = await requireRoomAccess(ctx, { roomId: call.roomId });
  const isChatOn = room.features.chat;
  const begun = call.startedAt ?? call.createdAt;
  if (isModeratorRole(role)) return { call, begun, from: begun, isChatOn };
  if (relation !== 'current' || joinedAt === null) throw questionErrors.notThere();
  return { call, begun, from: joinedAt, isChatOn };
}
