import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, requestErrors, type IfMatch, requireVersion } from '../../kernel/core/index.ts';
import {
  requireModerator,
  requireRoomAccess,
  type RoomAccess,
  type RoomAccessRequest,
} from '../access/index.ts';
import { type ModerationTarget, selectTargets } from '../moderation/index.ts';
import {
  applyMoves,
  buildMoveChanges,
  type MoveBatch,
  createMoveBatch,
  type PersonToMove,
} from '../moves/index.ts';
import { publicIdentity, sendLiveCommands } from '../../realtime/protocol/index.ts';
import type { Room } from '../rooms/index.ts';
import { breakoutErrors } from './breakouts.errors.ts';
import { buildBreakoutsCommand, presentBreakouts } from './breakouts.present.ts';
import {
  updateBreakout,
  deleteOtherBreakoutPeople,
  upsertBreakoutPeople,
  selectSession,
} from './breakouts.queries.ts';
import {
  type BreakoutSession,
  assembleSessions,
  requireKnownPeople,
  type StoredBreakoutSession,
  toPersonToMove,
  filterMovable,
} from './breakouts.rules.ts';
import type { AssignBreakouts, BreakoutsView } from './breakouts.schemas.ts';
import { breakoutsChanged } from './breakouts.events.ts';

/** The assigned rooms by identity. @throws AppError `request.invalid` for a room that is not a group of the session */
function resolveAssignments({ groups }: AssignBreakouts, session: StoredBreakoutSession): Map<string, Room> {
  const rooms = new Map(session.groups.map(({ room }) => [room.id, room]));
  const wrong = groups.flatMap(({ roomId }, at) =>
    rooms.has(roomId)
      ? []
      : [{ pointer: `/groups/${at}/roomId`, message: 'must be one of the breakout rooms' }],
  );
  if (wrong.length > 0) throw requestErrors.invalid({ errors: wrong });
  return new Map(
    groups.flatMap(({ roomId, identities }) =>
      identities.map((identity) => [identity, rooms.get(roomId)!] as const),
    ),
  );
}

/** The moves of all people who are not where they are assigned to. */
function planMoves(
  ctx: Ctx,
  request: RoomAccessRequest,
  parent: Room,
  session: StoredBreakoutSession,
  {
    assignments,
    peopleByIdentity,
  }: { assignments: Map<string, Room>; peopleByIdentity: Map<string, PersonToMove> },
): MoveBatch[] {
  const rooms = new Map(session.groups.map(({ room }) => [room.id, room]));
  const removedIdentities = new Set(
    session.people.filter((person) => person.isRemoved).map(({ identity }) => identity),
  );
  const currentRooms = new Map(session.people.map(({ identity, roomId }) => [identity, rooms.get(roomId)!]));
  const relocations = [...new Set([...currentRooms.keys(), ...assignments.keys()])].flatMap((identity) => {
    const [from, to] = [currentRooms.get(identity) ?? parent, assignments.get(identity) ?? parent];
    const stays = from.id === to.id || (to.id === parent.id && removedIdentities.has(identity));
    return stays ? [] : [{ from, to, personToMove: peopleByIdentity.get(identity)! }];
  });
  const byRoute = Map.groupBy(relocations, ({ from, to }) => `${from.id} ${to.id}`);
  return [...byRoute.values()].map((relocationsOfRoute) =>
    createMoveBatch(ctx, request, {
      from: relocationsOfRoute[0]!.from,
      to: relocationsOfRoute[0]!.to,
      people: relocationsOfRoute.map(({ personToMove }) => personToMove),
    }),
  );
}

/** Commits the assignments, then moves the people. */
async function commitAssignments(
  ctx: Ctx,
  { room: parent }: RoomAccess,
  session: StoredBreakoutSession,
  batches: readonly MoveBatch[],
  assignments: ReadonlyMap<string, Room>,
): Promise<BreakoutsView> {
  const { breakout } = session;
  const { id: breakoutId, organizationId, roomId } = breakout;
  const updatedAt = new Date(ctx.clock.now());
  const changedSession: BreakoutSession = {
    ...session,
    breakout: { ...breakout, updatedAt, version: breakout.version + 1 },
    people: [...assignments].map(([identity, room]) => ({ identity, roomId: room.id })),
  };
  const newPeople = batches
    .filter(({ to }) => to.id !== parent.id)
    .flatMap(({ to, moves }) =>
      moves.map(({ move: { identity, kind, userId, linkId, name, role } }) => {
        const person = { identity, kind, userId, linkId, name, role };
        return { organizationId, breakoutId, roomId: to.id, ...person };
      }),
    );
  const moveChanges = batches.map((batch) =>
    buildMoveChanges(batch, batch.to.id === parent.id ? 'leave' : 'change'),
  );
  const view = await ctx.commit({
    write: (q) => [
      updateBreakout(q, breakout, { updatedAt }),
      deleteOtherBreakoutPeople(q, breakout, [...assignments.keys()]),
      ...(newPeople.length > 0 ? [upsertBreakoutPeople(q, newPeople)] : []),
      ...moveChanges.flatMap(({ write }) => write(q)),
    ],
    audit: {
      action: 'breakouts.assigned',
      target: { type: 'room', id: roomId },
      after: { breakoutId, moved: batches.flatMap(({ moves }) => moves).length },
    },
    events: [...moveChanges.flatMap(({ events }) => events), breakoutsChanged.of({ roomId, breakoutId })],
    result: presentBreakouts(changedSession),
  });
  await sendLiveCommands(ctx, roomId, [
    buildBreakoutsCommand(changedSession, publicIdentity(actorId(ctx.actor) ?? '')),
  ]);
  for (const batchesFromRoom of Map.groupBy(batches, (batch) => batch.from.id).values())
    await applyMoves(ctx, batchesFromRoom);
  return view;
}

/** Everybody who can be assigned: people who are or were in the room's call, and people in a group. */
const indexPeople = (
  targets: readonly ModerationTarget[],
  session: StoredBreakoutSession,
): Map<string, PersonToMove> =>
  new Map([
    ...session.people.map((person) => [person.identity, person] as const),
    ...filterMovable(targets).map((target) => [target.participant.identity, toPersonToMove(target)] as const),
  ]);

/**
 * Assigns people to the groups; people who are not named are sent back.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `breakouts.*`, `request.invalid` or `request.stale`
 */
export async function assignPeople(
  ctx: Ctx,
  request: RoomAccessRequest,
  breakoutId: string,
  input: AssignBreakouts,
  ifMatch: IfMatch,
): Promise<BreakoutsView> {
  const { roomId } = request;
  const assignedIdentities = input.groups.flatMap(({ identities }) => identities);
  const [roomAccess, targets, ...sessionRows] = await requireRoomAccess(ctx, request, (q) => [
    selectTargets(q, ctx.organizationId, roomId, { identities: assignedIdentities }),
    ...selectSession(q, ctx.organizationId, roomId, breakoutId),
  ]);
  requireModerator(roomAccess);
  const [session] = assembleSessions(sessionRows);
  if (!session) throw breakoutErrors.notFound();
  requireVersion(session.breakout, ifMatch);
  if (session.breakout.status === 'closed') throw breakoutErrors.closed();
  const assignments = resolveAssignments(input, session);
  const peopleByIdentity = indexPeople(targets, session);
  requireKnownPeople(assignedIdentities, peopleByIdentity);
  const batches = planMoves(ctx, request, roomAccess.room, session, { assignments, peopleByIdentity });
  return commitAssignments(ctx, roomAccess, session, batches, assignments);
}
