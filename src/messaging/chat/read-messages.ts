import { isGone, isModerating, requireReach, roomErrors, roomRoleOf } from '../../meetings/rooms/index.ts';
import type { ChatMessage } from '../../meetings/realtime/index.ts';
import type { Ctx } from '../../platform/context/index.ts';
import { type Actor, actorId, type Page, pageOf, readCursor } from '../../platform/core/index.ts';
import { chatErrors } from './chat.errors.ts';
import { findMessageRow, findReader, listMessageRows } from './chat.queries.ts';
import { readPosition, sortKey } from './chat.rules.ts';
import type { ListMessages } from './chat.schemas.ts';

type Row = Awaited<ReturnType<typeof listMessageRows>>[number];
type Reader = Awaited<ReturnType<typeof findReader>>[number];

function present({ sentAt, editedAt, deletedAt, ...message }: Row): ChatMessage {
  return {
    ...message,
    sentAt: sentAt.toISOString(),
    editedAt: editedAt?.toISOString() ?? null,
    deletedAt: deletedAt?.toISOString() ?? null,
  };
}

/**
 * Whether the chat is for somebody: for who was in the room, who moderates it, and services; and for every member where
 * anybody of them may walk in. Never for who is kept out, or came by a link without chat.
 */
function mayRead(actor: Actor, reader: Reader): boolean {
  const { room, person, linkHasChat, wasIn } = reader;
  if (person?.removedAt) return false;
  if (actor.kind === 'guest') return wasIn && linkHasChat === true;
  if (actor.kind !== 'user') return true;
  if (isGone(actor, reader)) return false;
  const isOpen = !room.lobby && !room.locked;
  return isOpen || wasIn || isModerating(roomRoleOf(actor, room, reader));
}

/**
 * A room's chat, the newest message first.
 * @throws AppError `rooms.not_found`, or `chat.not_allowed` for whom it is not
 */
export async function listMessages(
  ctx: Ctx,
  roomId: string,
  { limit, cursor, threadId }: ListMessages,
): Promise<Page<ChatMessage>> {
  const { actor, organizationId } = ctx;
  requireReach(actor, roomId);
  const place = { organizationId, roomId };
  const linkId = actor.kind === 'guest' ? actor.linkId : null;
  const before = readPosition(readCursor(cursor));
  const [[reader], rows] = await ctx.read((q) => [
    findReader(q, place, actorId(actor) ?? '', linkId),
    listMessageRows(q, place, { threadId, limit }, before),
  ]);
  if (!reader) throw roomErrors.notFound();
  if (!mayRead(actor, reader)) throw chatErrors.notAllowed();
  const page = pageOf(rows, limit, sortKey);
  return { ...page, data: page.data.map(present) };
}

/** Who wrote a message, and where it belongs; null when the room has no such message. */
export async function findMessage(
  ctx: Ctx,
  roomId: string,
  messageId: string,
): Promise<{ identity: string; threadId: string | null; deleted: boolean } | null> {
  const [[row]] = await ctx.read((q) => [
    findMessageRow(q, { organizationId: ctx.organizationId, roomId }, messageId),
  ]);
  return row ? { identity: row.identity, threadId: row.threadId, deleted: row.deletedAt !== null } : null;
}
