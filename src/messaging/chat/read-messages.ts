import type { Ctx } from '../../kernel/context/index.ts';
import { type Actor, actorId, type Page, pageOf, readCursor } from '../../kernel/core/index.ts';
import type { Queries, ReadRows, Statement } from '../../kernel/db/index.ts';
import type { ChatMessage } from '../../realtime/protocol/index.ts';
import {
  isModeratorRole,
  readRoomAccess,
  requireVisible,
  type RoomAccess,
  roleInRoom,
} from '../../rooms/access/index.ts';
import { chatErrors } from './chat.errors.ts';
import { presentMessage } from './chat.present.ts';
import { selectChatReader, selectMessage, selectMessages } from './chat.queries.ts';
import { messageSortKey, parseMessagePosition } from './chat.rules.ts';
import type { ListMessages } from './chat.schemas.ts';

type ChatReader = Awaited<ReturnType<typeof selectChatReader>>[number];

/**
 * Whether the caller may read the chat: people who were in a call of the room, moderators, API keys, and every member
 * while the room has neither a lobby nor a lock. Guests need a link that includes the chat, and is not for a
 * call that is over. Not people who were removed from the room or have left the organization.
 */
function mayReadChat(actor: Actor, access: RoomAccess, reader: ChatReader | undefined): boolean {
  const { room, relation } = access;
  if (!reader || relation !== 'current') return false;
  if (actor.kind === 'guest') return reader.linkHasChat === true;
  if (actor.kind !== 'user') return true;
  const isOpen = !room.lobby && !room.locked;
  // The role in the room: being an administrator does not open the chat of a room with a lobby.
  return isOpen || reader.hasAttended || isModeratorRole(roleInRoom(actor, room, access));
}

/**
 * Reads something of a room's chat, in one round trip, for callers who may read the chat.
 * @throws AppError `rooms.not_found` or `chat.not_allowed`
 */
export async function readChat<const T extends readonly Statement[]>(
  ctx: Ctx,
  roomId: string,
  read: (q: Queries) => T,
): Promise<ReadRows<T>> {
  const { actor, organizationId } = ctx;
  const linkId = actor.kind === 'guest' ? actor.linkId : null;
  const [access, [reader], ...rows] = await readRoomAccess(ctx, { roomId }, (q) => [
    selectChatReader(q, { organizationId, roomId }, actorId(actor) ?? '', linkId),
    ...read(q),
  ]);
  if (!mayReadChat(actor, requireVisible(access), reader)) throw chatErrors.notAllowed();
  return rows;
}

/**
 * A room's chat, newest message first.
 * @throws AppError `rooms.not_found`, or `chat.not_allowed` for callers who may not read the chat
 */
export async function listMessages(
  ctx: Ctx,
  roomId: string,
  { limit, cursor, threadId }: ListMessages,
): Promise<Page<ChatMessage>> {
  const { actor, organizationId } = ctx;
  const before = parseMessagePosition(readCursor(cursor));
  const reading = { now: new Date(ctx.clock.now()), reader: actor };
  const [rows] = await readChat(ctx, roomId, (q) => [
    selectMessages(q, { organizationId, roomId }, { threadId, limit }, before, reading),
  ]);
  const page = pageOf(rows, limit, messageSortKey);
  return { ...page, data: page.data.map(presentMessage) };
}

/** The sender of a message and its thread; null when the room has no such message. */
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
