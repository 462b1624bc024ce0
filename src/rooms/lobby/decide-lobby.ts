import type { Call } from '../../calls/calls/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, type ErrorFactory, requestErrors } from '../../kernel/core/index.ts';
import { type LiveCommand, publicIdentity } from '../../realtime/protocol/index.ts';
import { readRoomAccess, requireModerator, requireVisible, type RoomAccessRequest } from '../access/index.ts';
import type { Room } from '../rooms/index.ts';
import { lobbyErrors } from './lobby.errors.ts';
import { selectEntries, selectWaitingEntries, updateWaitingEntries } from './lobby.queries.ts';
import { ADMISSION_VALID_SECONDS } from './lobby.rules.ts';
import type { LobbyEntry } from './lobby.tables.ts';
import { readEntry } from './read-lobby.ts';
import { lobbyDecided } from './lobby.events.ts';

/** Where a decision is made. */
export interface LobbyDecisionPlace {
  room: Pick<Room, 'id' | 'organizationId'>;
  call: Pick<Call, 'id'> | null | undefined;
}

export type LobbyDecision = 'admitted' | 'denied' | 'cancelled';

/** How many entries one decision about the whole lobby covers at most. */
const MAX_ENTRIES_PER_DECISION = 500;

/** The command that shows a decision in the live room; its key makes repeating it harmless. */
export function lobbyDecisionCommand({
  id,
  identity,
  decidedAt,
  decidedBy,
  status,
}: Pick<LobbyEntry, 'id' | 'identity' | 'decidedAt' | 'decidedBy' | 'status'>): LiveCommand {
  return {
    type: 'lobby.decided',
    key: `${id}:${status}`,
    atMs: decidedAt!.getTime(),
    by: publicIdentity(decidedBy ?? ''),
    lobbyEntryId: id,
    identity,
    decision: status as LobbyDecision | 'expired',
  };
}

/**
 * Commits one decision about entries that are all still waiting, and shows it in the live room.
 * @param where the room, and its open call: an admission counts for that call, or for the next one when none is open
 * @throws AppError `conflictError` when one of them was decided meanwhile
 */
export async function commitLobbyDecision(
  ctx: Ctx,
  { room: { id: roomId, organizationId }, call }: LobbyDecisionPlace,
  entries: readonly LobbyEntry[],
  decision: LobbyDecision,
  conflictError: ErrorFactory = lobbyErrors.decided,
): Promise<LobbyEntry[]> {
  if (entries.length === 0) return [];
  const decidedAt = new Date(ctx.clock.now());
  const expiresAt = new Date(decidedAt.getTime() + ADMISSION_VALID_SECONDS * 1000);
  const callId = decision === 'admitted' ? (call?.id ?? null) : null;
  // Null when nothing kept them waiting any longer: then no person answers for their role.
  const decidedBy = ctx.actor.kind === 'system' ? null : actorId(ctx.actor);
  const set = { status: decision, callId, decidedAt, decidedBy, expiresAt };
  const decided = entries.map((entry) => ({ ...entry, ...set }));
  await ctx.commit({
    write: (q) => [updateWaitingEntries(q, organizationId, entries, set, conflictError)],
    audit: entries.map(({ identity, name }) => ({
      action: `lobby.${decision}`,
      target: { type: 'room', id: roomId },
      after: { identity, name },
    })),
    events: [lobbyDecided.of({ roomId, lobbyEntryIds: entries.map(({ id }) => id) })],
    result: undefined,
  });
  ctx.after('lobby.apply', () => ctx.ports.liveRooms.apply(roomId, decided.map(lobbyDecisionCommand)));
  return decided;
}

/**
 * Admits or denies one person. Repeating the same decision changes nothing: a moderator who got no answer asks again.
 * @throws AppError `rooms.not_found`, `lobby.not_found`, `lobby.not_moderator` or `lobby.decided`
 */
export async function decideLobbyEntry(
  ctx: Ctx,
  request: RoomAccessRequest,
  entryId: string,
  decision: 'admitted' | 'denied',
): Promise<LobbyEntry> {
  const { entry, access } = await readEntry(ctx, request, entryId);
  requireModerator(access, lobbyErrors.notModerator);
  if (entry.status === decision) return entry;
  if (entry.status !== 'waiting') throw lobbyErrors.decided();
  return (await commitLobbyDecision(ctx, access, [entry], decision))[0]!;
}

/**
 * Admits or denies everybody who is waiting, at most 500 people at once.
 * @throws AppError `rooms.not_found`, `lobby.not_moderator`, or `request.stale` when one of them was decided meanwhile
 */
export async function decideLobby(
  ctx: Ctx,
  request: RoomAccessRequest,
  decision: 'admitted' | 'denied',
): Promise<LobbyEntry[]> {
  const now = new Date(ctx.clock.now());
  const [access, waiting] = await readRoomAccess(ctx, request, (q) => [
    selectWaitingEntries(q, ctx.organizationId, request.roomId, now, MAX_ENTRIES_PER_DECISION),
  ]);
  requireModerator(requireVisible(access), lobbyErrors.notModerator);
  return commitLobbyDecision(ctx, access, waiting, decision, requestErrors.stale);
}

/** @throws AppError `lobby.not_found` for the entry of somebody else */
function requireOwnEntry(isOwn: boolean): void {
  if (!isOwn) throw lobbyErrors.notFound();
}

/** Cancels the caller's own wait. @throws AppError `rooms.not_found`, `lobby.not_found` or `lobby.decided` */
export async function cancelLobbyEntry(ctx: Ctx, request: RoomAccessRequest, entryId: string): Promise<void> {
  const { entry, access, isOwn } = await readEntry(ctx, request, entryId);
  requireOwnEntry(isOwn);
  if (entry.status === 'cancelled') return;
  if (entry.status !== 'waiting') throw lobbyErrors.decided();
  await commitLobbyDecision(ctx, access, [entry], 'cancelled');
}

/** Shows decisions in the live room again; harmless when they are already shown. */
export async function reapplyDecisions(ctx: Ctx, roomId: string, entryIds: readonly string[]): Promise<void> {
  const [entries] = await ctx.read((q) => [selectEntries(q, ctx.organizationId, roomId, entryIds)]);
  const decided = entries.filter(({ decidedAt }) => decidedAt !== null);
  if (decided.length > 0) await ctx.ports.liveRooms.apply(roomId, decided.map(lobbyDecisionCommand));
}
