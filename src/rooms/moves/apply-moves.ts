import type { CommitRequest, Ctx } from '../../kernel/context/index.ts';
import { actorId, applyToAll } from '../../kernel/core/index.ts';
import { actAtCluster } from '../../calls/clusters/index.ts';
import {
  type LiveCommand,
  publicIdentity,
  sendLiveCommands,
  signRoomTicket,
} from '../../realtime/protocol/index.ts';
import type { RoomAccessRequest } from '../access/index.ts';
import { upsertRoomRoles, type Room } from '../rooms/index.ts';
import { selectMoves, upsertMoves } from './moves.queries.ts';
import {
  MEDIA_GRACE_MS,
  type Move,
  MOVE_EXPIRY_SECONDS,
  type MoveWithSwitches,
  buildMoveCommand,
  buildTicketClaims,
  type PersonToMove,
} from './moves.rules.ts';
import { mediaGraceEnded, type MovedPeople, participantMoved } from './moves.events.ts';

/** People who are moved from one room to another together. */
export interface MoveBatch {
  from: Room;
  to: Room;
  moves: MoveWithSwitches[];
}

/** Builds the moves, before they are stored. */
export function createMoveBatch(
  ctx: Ctx,
  { caller }: Pick<RoomAccessRequest, 'caller'>,
  { from, to, people }: { from: Room; to: Room; people: readonly PersonToMove[] },
): MoveBatch {
  const movedAt = new Date(ctx.clock.now());
  const expiresAt = new Date(movedAt.getTime() + MOVE_EXPIRY_SECONDS * 1000);
  const movedBy = caller?.identity ?? actorId(ctx.actor)!;
  const rooms = { organizationId: to.organizationId, roomId: to.id, fromRoomId: from.id };
  const times = { movedAt, expiresAt, enteredAt: null };
  const moves = people.map(({ identity, kind, userId, linkId, credential = null, name, role, switches }) => ({
    move: { ...rooms, identity, kind, userId, linkId, credential, name, role, movedBy, ...times },
    switches,
  }));
  return { from, to, moves };
}

const needsStoredRole = ({ kind, role }: Move, { defaultRoles }: Room): boolean =>
  kind === 'guest' || role !== defaultRoles.member;

const eventsOfMoves = (moved: MovedPeople, { movedAt }: Move) => [
  participantMoved.of(moved),
  mediaGraceEnded.of(moved, { availableAtMs: movedAt.getTime() + MEDIA_GRACE_MS }),
];

/**
 * The parts of a commit that store moves and the roles people get by them.
 * @param existingRoles whether a role that somebody already has in the destination changes or stays; `leave` stores no
 * roles at all
 */
export function buildMoveChanges(
  { from, to, moves }: MoveBatch,
  existingRoles: 'change' | 'keep' | 'leave' = 'keep',
): Required<Pick<CommitRequest<unknown>, 'write' | 'events'>> {
  const rows = moves.map(({ move }) => move);
  const people = rows
    .filter((move) => needsStoredRole(move, to))
    .map(({ organizationId, roomId, identity, userId, linkId, role, movedBy, movedAt }) => ({
      organizationId,
      roomId,
      identity,
      userId,
      linkId,
      role,
      changedBy: movedBy,
      updatedAt: movedAt,
    }));
  const identities = rows.map(({ identity }) => identity);
  return {
    write: (q) => [
      ...(rows.length > 0 ? [upsertMoves(q, rows)] : []),
      ...(existingRoles !== 'leave' && people.length > 0 ? [upsertRoomRoles(q, people, existingRoles)] : []),
    ],
    events: rows.length > 0 ? eventsOfMoves({ roomId: from.id, toRoomId: to.id, identities }, rows[0]!) : [],
  };
}

const buildMoveCommands = (ctx: Ctx, to: Room, moves: readonly MoveWithSwitches[]): Promise<LiveCommand[]> =>
  Promise.all(
    moves.map(async (moveWithSwitches) =>
      buildMoveCommand(
        moveWithSwitches.move,
        await signRoomTicket(ctx.signer, buildTicketClaims(moveWithSwitches, to), MOVE_EXPIRY_SECONDS),
        publicIdentity(moveWithSwitches.move.movedBy),
      ),
    ),
  );

/** The commands of a batch for the live room that is left, with fresh tickets. */
export const buildBatchCommands = (ctx: Ctx, { to, moves }: MoveBatch): Promise<LiveCommand[]> =>
  buildMoveCommands(ctx, to, moves);

/**
 * Sends people their tickets. They keep the media that they leave until they enter the other room, at most for
 * `MEDIA_GRACE_MS`. A subscriber of the event repeats what fails.
 * @param batches all from the same room
 */
export async function applyMoves(ctx: Ctx, batches: readonly MoveBatch[]): Promise<void> {
  const [first] = batches;
  if (!first || batches.every(({ moves }) => moves.length === 0)) return;
  const commands = await Promise.all(batches.map((batch) => buildBatchCommands(ctx, batch)));
  await sendLiveCommands(ctx, first.from.id, commands.flat());
}

/** A moved person has entered: they leave the old room, its sockets and its media. `endOldMedia` repeats what fails. */
export async function leaveOldRoom(
  ctx: Ctx,
  { move, fromCall }: { move: Move; fromCall: { id: string; cluster: string } | null },
): Promise<void> {
  const { identity, roomId, fromRoomId, movedAt } = move;
  const key = `${identity}:entered:${roomId}:${movedAt.getTime()}`;
  const atMs = ctx.clock.now();
  await Promise.all([
    sendLiveCommands(ctx, fromRoomId, [
      { type: 'participant.entered', key, atMs, by: null, identity, toRoomId: roomId },
    ]),
    fromCall &&
      actAtCluster(ctx, fromCall.cluster, 'move', (api) => api.removeParticipant(fromCall.id, identity)),
  ]);
}

/** Repeats a move for people who have not entered yet. */
export async function enforceMoves(ctx: Ctx, { roomId, toRoomId, identities }: MovedPeople): Promise<void> {
  const [found] = await ctx.read((q) => [selectMoves(q, ctx.organizationId, toRoomId, identities)]);
  const nowMs = ctx.clock.now();
  const pendingMoves = found.filter(
    ({ move }) => move.fromRoomId === roomId && !move.enteredAt && move.expiresAt.getTime() > nowMs,
  );
  const [first] = pendingMoves;
  if (first) await ctx.ports.liveRooms.apply(roomId, await buildMoveCommands(ctx, first.to, pendingMoves));
}

/** Disconnects moved people from the old media, unless they have joined the old room again since. */
export async function endOldMedia(ctx: Ctx, { roomId, toRoomId, identities }: MovedPeople): Promise<void> {
  const [found] = await ctx.read((q) => [selectMoves(q, ctx.organizationId, toRoomId, identities)]);
  const moves = found.filter(({ move }) => move.fromRoomId === roomId);
  const call = moves[0]?.fromCall;
  if (!call) return;
  const api = ctx.ports.clusters.api(call.cluster, ctx.trace);
  const leaving = new Set(
    moves
      .filter(({ move, seatSince }) => seatSince !== null && seatSince <= move.movedAt)
      .map(({ move }) => move.identity),
  );
  const stillConnected = (await api.listParticipants(call.id)).filter(({ identity }) =>
    leaving.has(identity),
  );
  await applyToAll(stillConnected, ({ identity }) => api.removeParticipant(call.id, identity));
}
