import type { Change, Ctx } from '../../platform/context/index.ts';
import { actorId } from '../../platform/core/index.ts';
import { actAtCluster, forEach, type Place, shownBy } from '../moderation/index.ts';
import { type LiveCommand, signRoomTicket, tellLiveRoom } from '../realtime/index.ts';
import { putRoomRoles, type Room } from '../rooms/index.ts';
import { findMoves, putMoves } from './moves.queries.ts';
import { type Move, MOVE_SECONDS, type MoveOf, moveTold, ticketFor, type Traveller } from './moves.rules.ts';

/** People on their way from one room to another. */
export interface Journey {
  from: Room;
  to: Room;
  moves: MoveOf[];
}

/** Makes the moves, before they are stored. */
export function journeyOf(
  ctx: Ctx,
  { as }: Pick<Place, 'as'>,
  { from, to, people }: { from: Room; to: Room; people: readonly Traveller[] },
): Journey {
  const movedAt = new Date(ctx.clock.now());
  const expiresAt = new Date(movedAt.getTime() + MOVE_SECONDS * 1000);
  const movedBy = as?.identity ?? actorId(ctx.actor)!;
  const rooms = { organizationId: to.organizationId, roomId: to.id, fromRoomId: from.id };
  const times = { movedAt, expiresAt, enteredAt: null };
  const moves = people.map(({ identity, kind, userId, linkId, name, role, switches }) => ({
    move: { ...rooms, identity, kind, userId, linkId, name, role, movedBy, ...times },
    switches,
  }));
  return { from, to, moves };
}

const isNoted = ({ kind, role }: Move, { defaultRoles }: Room): boolean =>
  kind === 'guest' || role !== defaultRoles.member;

/**
 * The parts of a commit that let people into a room and send them there.
 * @param known what becomes of a role that somebody has there already; `leave`: nothing is noted of anybody
 */
export function departing(
  { from, to, moves }: Journey,
  known: 'change' | 'keep' | 'leave' = 'keep',
): Required<Pick<Change<unknown>, 'write' | 'effects'>> {
  const rows = moves.map(({ move }) => move);
  const people = rows
    .filter((move) => isNoted(move, to))
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
      ...(rows.length > 0 ? [putMoves(q, rows)] : []),
      ...(known !== 'leave' && people.length > 0 ? [putRoomRoles(q, people, known)] : []),
    ],
    effects:
      rows.length > 0
        ? [
            {
              type: 'participant.moved',
              key: from.id,
              payload: { roomId: from.id, toRoomId: to.id, identities },
            },
          ]
        : [],
  };
}

const commandsOf = (ctx: Ctx, to: Room, moves: readonly MoveOf[]): Promise<LiveCommand[]> =>
  Promise.all(
    moves.map(async (each) =>
      moveTold(
        each.move,
        await signRoomTicket(ctx.signer, ticketFor(each, to), MOVE_SECONDS),
        shownBy(each.move.movedBy),
      ),
    ),
  );

/** What the live room that is left is told of all of them, with fresh tickets. */
export const journeyCommands = (ctx: Ctx, { to, moves }: Journey): Promise<LiveCommand[]> =>
  commandsOf(ctx, to, moves);

/**
 * Tells people where they are to go, and takes them off the media that they leave; the effects make up for failures.
 * @param journeys all from the same room
 */
export async function depart(
  ctx: Ctx,
  journeys: readonly Journey[],
  fromCall: { id: string; cluster: string } | null | undefined,
): Promise<void> {
  const [first] = journeys;
  const moves = journeys.flatMap((journey) => journey.moves);
  if (!first || moves.length === 0) return;
  const commands = await Promise.all(journeys.map((journey) => journeyCommands(ctx, journey)));
  await tellLiveRoom(ctx, first.from.id, commands.flat());
  if (fromCall)
    await actAtCluster(ctx, fromCall.cluster, 'move', (api) =>
      forEach(moves, ({ move }) => api.removeParticipant(fromCall.id, move.identity)),
    );
}

/** Tells those again who have not come in yet, and takes those off the old media who have been there since before. */
export async function enforceMoves(
  ctx: Ctx,
  { roomId, toRoomId, identities }: { roomId: string; toRoomId: string; identities: string[] },
): Promise<void> {
  const [found] = await ctx.read((q) => [findMoves(q, ctx.organizationId, toRoomId, identities)]);
  const nowMs = ctx.clock.now();
  const going = found.filter(
    ({ move }) => move.fromRoomId === roomId && !move.enteredAt && move.expiresAt.getTime() > nowMs,
  );
  const [first] = going;
  if (!first) return;
  await ctx.ports.liveRooms.apply(roomId, await commandsOf(ctx, first.to, going));
  if (!first.fromCall) return;
  const { id, cluster } = first.fromCall;
  const api = ctx.ports.clusters.api(cluster, ctx.trace);
  const movedAt = new Map(going.map(({ move }) => [move.identity, move.movedAt.getTime()]));
  const left = (await api.listParticipants(id)).filter(
    ({ identity, joinedAtMs }) => joinedAtMs <= (movedAt.get(identity) ?? Number.NEGATIVE_INFINITY),
  );
  const outcomes = await forEach(left, ({ identity }) => api.removeParticipant(id, identity));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}
