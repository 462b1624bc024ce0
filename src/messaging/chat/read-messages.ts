import {
  hasLeftOrganization,
  isModeratorRole,
  requireGuestOfRoom,
  roomErrors,
  roleInRoom,
} from '../../rooms/rooms/index.ts';
import type { ChatMessage } from '../../realtime/protocol/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { type Actor, actorId, type Page, pageOf, readCursor } from '../../kernel/core/index.ts';
import { chatErrors } from './chat.errors.ts';
import { selectMessage, selectChatReader, selectMessages } from './chat.queries.ts';
import { parseMessagePosition, messageSortKey } from './chat.rules.ts';
import type { ListMessages } from './chat.schemas.ts';

type MessageRow = Awaited<ReturnType<typeof selectMessages>>[number];
type ChatReader = Awaited<ReturnType<typeof selectChatReader>>[number];

function presentMessage({ sentAt, editedAt, deletedAt, ...message }: MessageRow): ChatMessage {
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
function mayReadChat(actor: Actor, reader: ChatReader): boolean {
  const { room, person, linkHasChat, hasAttended } = reader;
  if (person?.removedAt) return false;
  if (actor.kind === 'guest') return hasAttended && linkHasChat === true;
  if (actor.kind !== 'user') return true;
  if (hasLeftOrganization(actor, reader)) return false;
  const isOpen = !room.lobby && !room.locked;
  return isOpen || hasAttended || isModeratorRole(roleInRoom(actor, room, reader));
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
  requireGuestOfRoom(actor, roomId);
  const roomKey = { organizationId, roomId };
  const linkId = actor.kind === 'guest' ? actor.linkId : null;
  const before = parseMessagePosition(readCursor(cursor));
  const [[reader], rows] = await ctx.read((q) => [
    selectChatReader(q, roomKey, actorId(actor) ?? '', linkId),
    selectMessages(q, roomKey, { threadId, limit }, before),
  ]);
  if (!reader) throw roomErrors.notFound();
  if (!mayReadChat(actor, reader)) throw chatErrors.notAllowed();
  const page = pageOf(rows, limit, messageSortKey);
  return { ...page, data: page.data.map(presentMessage) };
}

/** Who wrote a message, and where it belongs; null when the room has no such message. */
export async function findMessage(
  ctx: Ctx,
  roomId: string,
  messageId: string,
): Promise<{ identity: string; threadId: string | null; deleted: boolean } | null> {
  const [[row]] = await ctx.read((q) => [
    selectMessage(q, { organizationId: ctx.organizationId, roomId }, messageId),
  ]);
  return row ? { identity: row.identity, threadId: row.threadId, deleted: row.deletedAt !== null } : null;
}
