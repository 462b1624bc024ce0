import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, type Page, type PageQuery, pageOf, readCursor } from '../../kernel/core/index.ts';
import {
  isModeratorRole,
  readRoomAccess,
  requireModerator,
  requireVisible,
  type RoomAccess,
  type RoomAccessRequest,
} from '../access/index.ts';
import { lobbyErrors } from './lobby.errors.ts';
import { selectEntry, selectWaitingEntries } from './lobby.queries.ts';
import type { LobbyEntry } from './lobby.tables.ts';

/** The people who are waiting, in the order they arrived. @throws AppError `rooms.not_found` or `lobby.not_moderator` */
export async function listLobby(
  ctx: Ctx,
  request: RoomAccessRequest,
  { limit, cursor }: PageQuery,
): Promise<Page<LobbyEntry>> {
  const after = readCursor(cursor);
  const now = new Date(ctx.clock.now());
  const [access, rows] = await readRoomAccess(ctx, request, (q) => [
    selectWaitingEntries(q, ctx.organizationId, request.roomId, now, limit + 1, after),
  ]);
  requireModerator(requireVisible(access), lobbyErrors.notModerator);
  return pageOf(rows, limit, ({ id }) => id);
}

/**
 * An entry that the caller may see: their own, or any for hosts and moderators. The room need not show yet to somebody who
 * waits in its lobby.
 * @throws AppError `rooms.not_found` or `lobby.not_found`
 */
export async function readEntry(
  ctx: Ctx,
  request: RoomAccessRequest,
  entryId: string,
): Promise<{ entry: LobbyEntry; access: RoomAccess; isOwn: boolean }> {
  const [access, [entry]] = await readRoomAccess(ctx, request, (q) => [
    selectEntry(q, ctx.organizationId, request.roomId, entryId),
  ]);
  const isOwn = entry?.identity === actorId(ctx.actor);
  if (!isOwn) requireVisible(access);
  if (!entry || (!isOwn && !isModeratorRole(access.role))) throw lobbyErrors.notFound();
  return { entry, access, isOwn };
}

/** @throws AppError `rooms.not_found` or `lobby.not_found` */
export async function getLobbyEntry(
  ctx: Ctx,
  request: RoomAccessRequest,
  entryId: string,
): Promise<LobbyEntry> {
  return (await readEntry(ctx, request, entryId)).entry;
}
