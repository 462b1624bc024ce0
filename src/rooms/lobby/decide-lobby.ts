import type { Ctx } from '../../kernel/context/index.ts';
import {
  actorId,
  type ErrorFactory,
  type Page,
  type PageQuery,
  pageOf,
  readCursor,
  requestErrors,
} from '../../kernel/core/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import type { LiveCommand, RoomCaller } from '../../realtime/protocol/index.ts';
import {
  isModeratorRole,
  requireGuestOfRoom,
  type Room,
  roomErrors,
  effectiveRoleOf,
} from '../rooms/index.ts';
import { lobbyErrors } from './lobby.errors.ts';
import { updateWaitingEntries, selectEntries, selectEntry, selectWaitingEntries } from './lobby.queries.ts';
import { ADMISSION_VALID_SECONDS } from './lobby.rules.ts';
import type { LobbyEntry } from './lobby.tables.ts';
import { selectRoomAccess } from './room-access.queries.ts';

export type LobbyDecision = 'admitted' | 'denied' | 'cancelled';

/** Most entries that one decision about all of them takes. */
const MAX_ENTRIES_PER_DECISION = 500;

/** Whose socket decides, in the role they have there; absent at the API, where the credential says who it is. */
type LobbyDecider = Pick<RoomCaller, 'identity' | 'role'> | undefined;

/** @returns the room and whether the caller moderates it @throws AppError `rooms.not_found` */
function lobbyAccessOf(
  ctx: Ctx,
  [found]: Awaited<ReturnType<typeof selectRoomAccess>>,
  caller?: LobbyDecider,
): { room: Room; moderating: boolean } {
  if (!found) throw roomErrors.notFound();
  return {
    room: found.room,
    moderating: isModeratorRole(effectiveRoleOf(ctx.actor, caller, found.room, found)),
  };
}

const selectCallerAccess = (ctx: Ctx, q: Queries, roomId: string) =>
  selectRoomAccess(q, ctx.organizationId, roomId, actorId(ctx.actor) ?? '');

/** What the live room is told of a decision; told again by the effect. */
export function lobbyDecisionCommand({
  id,
  identity,
  decidedAt,
  decidedBy,
  status,
}: LobbyEntry): LiveCommand {
  return {
    type: 'lobby.decided',
    key: `${id}:${status}`,
    atMs: decidedAt!.getTime(),
    by: /^(usr|gst)_/.test(decidedBy ?? '') ? decidedBy : null,
    lobbyEntryId: id,
    identity,
    decision: status as LobbyDecision | 'expired',
  };
}

async function commitDecision(
  ctx: Ctx,
  { id: roomId, organizationId }: Room,
  entries: readonly LobbyEntry[],
  decision: LobbyDecision,
  conflictError: ErrorFactory = lobbyErrors.decided,
): Promise<LobbyEntry[]> {
  if (entries.length === 0) return [];
  const decidedAt = new Date(ctx.clock.now());
  const expiresAt = new Date(decidedAt.getTime() + ADMISSION_VALID_SECONDS * 1000);
  const set = { status: decision, decidedAt, decidedBy: actorId(ctx.actor), expiresAt };
  const decided = entries.map((entry) => ({ ...entry, ...set }));
  await ctx.commit({
    write: (q) => [updateWaitingEntries(q, organizationId, entries, set, conflictError)],
    audit: entries.map(({ identity, name }) => ({
      action: `lobby.${decision}`,
      target: { type: 'room', id: roomId },
      after: { identity, name },
    })),
    events: [
      {
        type: 'lobby.decided',
        key: roomId,
        payload: { roomId, lobbyEntryIds: entries.map(({ id }) => id) },
      },
    ],
    result: undefined,
  });
  ctx.after('lobby.tell', () => ctx.ports.liveRooms.apply(roomId, decided.map(lobbyDecisionCommand)));
  return decided;
}

/** Who waits, in the order they came. @throws AppError `rooms.not_found` or `lobby.not_moderator` */
export async function listLobby(
  ctx: Ctx,
  roomId: string,
  { limit, cursor }: PageQuery,
): Promise<Page<LobbyEntry>> {
  requireGuestOfRoom(ctx.actor, roomId);
  const after = readCursor(cursor);
  const now = new Date(ctx.clock.now());
  const [rows, found] = await ctx.read((q) => [
    selectWaitingEntries(q, ctx.organizationId, roomId, now, limit + 1, after),
    selectCallerAccess(ctx, q, roomId),
  ]);
  if (!lobbyAccessOf(ctx, found).moderating) throw lobbyErrors.notModerator();
  return pageOf(rows, limit, ({ id }) => id);
}

async function readEntry(ctx: Ctx, roomId: string, entryId: string, caller?: LobbyDecider) {
  requireGuestOfRoom(ctx.actor, roomId);
  const [[entry], found] = await ctx.read((q) => [
    selectEntry(q, ctx.organizationId, roomId, entryId),
    selectCallerAccess(ctx, q, roomId),
  ]);
  const { room, moderating } = lobbyAccessOf(ctx, found, caller);
  const own = entry?.identity === actorId(ctx.actor);
  if (!entry || (!own && !moderating)) throw lobbyErrors.notFound();
  return { entry, room, moderating, own };
}

/**
 * One's own entry, or anybody's for who moderates.
 * @throws AppError `rooms.not_found` or `lobby.not_found`
 */
export async function getLobbyEntry(ctx: Ctx, roomId: string, entryId: string): Promise<LobbyEntry> {
  return (await readEntry(ctx, roomId, entryId)).entry;
}

/**
 * Lets one in or not. @throws AppError `rooms.not_found`, `lobby.not_found`, `lobby.not_moderator` or `lobby.decided`
 */
export async function decideLobbyEntry(
  ctx: Ctx,
  roomId: string,
  entryId: string,
  decision: 'admitted' | 'denied',
  caller?: LobbyDecider,
): Promise<LobbyEntry> {
  const { entry, room, moderating } = await readEntry(ctx, roomId, entryId, caller);
  if (!moderating) throw lobbyErrors.notModerator();
  // The same decision again changes nothing: a moderator who got no answer asks again.
  if (entry.status === decision) return entry;
  if (entry.status !== 'waiting') throw lobbyErrors.decided();
  return (await commitDecision(ctx, room, [entry], decision))[0]!;
}

/** Goes away. @throws AppError `rooms.not_found`, `lobby.not_found` or `lobby.decided` */
export async function cancelLobbyEntry(ctx: Ctx, roomId: string, entryId: string): Promise<void> {
  const { entry, room, own } = await readEntry(ctx, roomId, entryId);
  if (!own) throw lobbyErrors.notFound();
  if (entry.status === 'cancelled') return;
  if (entry.status !== 'waiting') throw lobbyErrors.decided();
  await commitDecision(ctx, room, [entry], 'cancelled');
}

/**
 * Decides about everybody who waits now, at most 500 at once.
 * @throws AppError `rooms.not_found`, `lobby.not_moderator`, or `request.stale` when one of them was decided meanwhile
 */
export async function decideLobby(
  ctx: Ctx,
  roomId: string,
  decision: 'admitted' | 'denied',
  caller?: LobbyDecider,
): Promise<LobbyEntry[]> {
  requireGuestOfRoom(ctx.actor, roomId);
  const now = new Date(ctx.clock.now());
  const [rows, found] = await ctx.read((q) => [
    selectWaitingEntries(q, ctx.organizationId, roomId, now, MAX_ENTRIES_PER_DECISION),
    selectCallerAccess(ctx, q, roomId),
  ]);
  const { room, moderating } = lobbyAccessOf(ctx, found, caller);
  if (!moderating) throw lobbyErrors.notModerator();
  return commitDecision(ctx, room, rows, decision, requestErrors.stale);
}

/** Tells the live room of decisions once more: harmless when it knows them. */
export async function reapplyDecisions(ctx: Ctx, roomId: string, entryIds: readonly string[]): Promise<void> {
  const [entries] = await ctx.read((q) => [selectEntries(q, ctx.organizationId, roomId, entryIds)]);
  const decided = entries.filter(({ decidedAt }) => decidedAt !== null);
  if (decided.length > 0) await ctx.ports.liveRooms.apply(roomId, decided.map(lobbyDecisionCommand));
}
