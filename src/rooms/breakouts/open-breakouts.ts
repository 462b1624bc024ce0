import { holdFeature } from '../../identity/entitlements/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, cutText, serverErrors, withTimeout } from '../../kernel/core/index.ts';
import { admissionErrors } from '../admission/index.ts';
import {
  requireModerator,
  requireRoomAccess,
  type RoomAccess,
  type RoomAccessRequest,
} from '../access/index.ts';
import { type ModerationTarget, selectTargets } from '../moderation/index.ts';
import { applyMoves, buildMoveChanges, type MoveBatch, createMoveBatch } from '../moves/index.ts';
import { publicIdentity, sendLiveCommands } from '../../realtime/protocol/index.ts';
import { buildRoom, copyRoomPeople, type Room, roomCreationCommit, syncCallLimits } from '../rooms/index.ts';
import { breakoutErrors } from './breakouts.errors.ts';
import { buildBreakoutsCommand, presentBreakouts } from './breakouts.present.ts';
import { insertBreakouts, upsertBreakoutPeople } from './breakouts.queries.ts';
import {
  distributeEvenly,
  type BreakoutSession,
  buildGroupRoom,
  requireKnownPeople,
  filterAssignable,
  toPersonToMove,
  filterMovable,
} from './breakouts.rules.ts';
import type { BreakoutsView, OpenBreakouts } from './breakouts.schemas.ts';
import { breakoutsChanged } from './breakouts.events.ts';

const ROSTER_TIMEOUT_MS = 3_000;

/**
 * The people with a socket: it shows them at once where to go, so people with media alone are not assigned automatically. Null when
 * the live room does not answer: then the others learn it when their socket is back.
 */
async function readPeopleWithSocket(ctx: Ctx, roomId: string): Promise<ReadonlySet<string> | null> {
  const timeoutError = () => serverErrors.unavailable({ detail: 'the live room is late' });
  try {
    const roster = await withTimeout(ctx.ports.liveRooms.roster(roomId), ROSTER_TIMEOUT_MS, timeoutError);
    return new Set(roster.people.map(({ identity }) => identity));
  } catch (error) {
    ctx.log.warn('breakouts.roster_missing', { roomId, error });
    return null;
  }
}

/** The names of the groups, and the identities that begin in each. */
function planGroups(
  ctx: Ctx,
  { rooms, assignment }: OpenBreakouts,
  parent: Room,
  targets: readonly ModerationTarget[],
  withSocket: ReadonlySet<string> | null,
): { name: string; identities: string[] }[] {
  const requestedGroups = typeof rooms === 'number' ? Array.from({ length: rooms }, () => undefined) : rooms;
  const people = assignment === 'automatic' ? filterAssignable(targets, withSocket) : [];
  const distributed = distributeEvenly(people, requestedGroups.length, ctx.ids.random(people.length * 4));
  return requestedGroups.map((group, at) => ({
    name: group?.name ?? `${cutText(parent.name, 200)} ${at + 1}`,
    identities: assignment === 'automatic' ? distributed[at]! : (group?.identities ?? []),
  }));
}

interface BreakoutPlan {
  session: BreakoutSession;
  batches: MoveBatch[];
}

/** Builds the session and the moves, before they are stored. */
function planBreakouts(
  ctx: Ctx,
  request: RoomAccessRequest,
  { room: parent, identity }: RoomAccess,
  input: OpenBreakouts,
  targets: readonly ModerationTarget[],
  withSocket: ReadonlySet<string> | null,
): BreakoutPlan {
  const peopleByIdentity = new Map(
    targets.map((target) => [target.participant.identity, toPersonToMove(target)]),
  );
  const openedAt = new Date(ctx.clock.now());
  const closesAt = input.durationSeconds ? new Date(openedAt.getTime() + input.durationSeconds * 1000) : null;
  const groups = planGroups(ctx, input, parent, targets, withSocket).map(({ name, identities }) => ({
    // The creator of the room is the host of its groups, also when another moderator divides it.
    room: {
      ...buildRoom(ctx, buildGroupRoom(parent, name), { parentRoomId: parent.id }),
      createdBy: parent.createdBy,
    },
    call: null,
    people: requireKnownPeople(identities, peopleByIdentity),
  }));
  const session: BreakoutSession = {
    breakout: {
      id: ctx.ids.create('breakout'),
      organizationId: parent.organizationId,
      roomId: parent.id,
      assignment: input.assignment,
      status: 'open',
      openedBy: identity,
      openedAt,
      closesAt,
      closedAt: null,
      updatedAt: openedAt,
      version: 1,
    },
    groups,
    people: groups.flatMap(({ room, people }) =>
      people.map((person) => ({ identity: person.identity, roomId: room.id })),
    ),
  };
  const batches = groups.map(({ room: to, people }) =>
    createMoveBatch(ctx, request, { from: parent, to, people }),
  );
  return { session, batches };
}

function commitPlan(ctx: Ctx, { session, batches }: BreakoutPlan, view: BreakoutsView) {
  const { breakout, groups } = session;
  const { id: breakoutId, organizationId, roomId } = breakout;
  const roomChanges = roomCreationCommit(groups.map(({ room }) => room));
  const moveChanges = batches.map((batch) => buildMoveChanges(batch, 'change'));
  const people = batches.flatMap(({ to, moves }) =>
    moves.map(({ move: { identity, kind, userId, linkId, name, role } }) => {
      const person = { identity, kind, userId, linkId, name, role };
      return { organizationId, breakoutId, roomId: to.id, ...person };
    }),
  );
  return ctx.commit({
    write: (q) => [
      holdFeature(q, { organizationId, now: breakout.openedAt, feature: 'breakouts' }),
      ...roomChanges.write(q),
      ...insertBreakouts(
        q,
        breakout,
        groups.map(({ room }, position) => ({ organizationId, breakoutId, roomId: room.id, position })),
      ),
      syncCallLimits(q, { organizationId, id: roomId }),
      copyRoomPeople(q, organizationId, {
        from: roomId,
        to: groups.map(({ room }) => room.id),
        at: breakout.openedAt,
      }),
      ...(people.length > 0 ? [upsertBreakoutPeople(q, people)] : []),
      ...moveChanges.flatMap(({ write }) => write(q)),
    ],
    audit: {
      action: 'breakouts.opened',
      target: { type: 'room', id: roomId },
      after: { breakoutId, assignment: breakout.assignment, rooms: groups.length, people: people.length },
    },
    events: [
      ...(roomChanges.events ?? []),
      ...moveChanges.flatMap(({ events }) => events),
      breakoutsChanged.of({ roomId, breakoutId }),
    ],
    conflicts: { breakouts_open_room_key: breakoutErrors.alreadyOpen },
    result: view,
  });
}

/**
 * Divides a room into groups, each a room of its own, and sends people there.
 * @throws AppError `rooms.not_found`, `rooms.ended`, `moderation.not_moderator`, `billing.feature_not_included` or
 * `breakouts.*`
 */
export async function openBreakouts(
  ctx: Ctx,
  request: RoomAccessRequest,
  input: OpenBreakouts,
): Promise<BreakoutsView> {
  const { roomId } = request;
  const [roomAccess, targets] = await requireRoomAccess(ctx, request, (q) => [
    selectTargets(q, ctx.organizationId, roomId),
  ]);
  requireModerator(roomAccess);
  const { room } = roomAccess;
  if (room.status === 'ended') throw admissionErrors.ended();
  if (room.parentRoomId) throw breakoutErrors.nested();
  const withSocket = input.assignment === 'automatic' ? await readPeopleWithSocket(ctx, roomId) : null;
  const plan = planBreakouts(ctx, request, roomAccess, input, filterMovable(targets), withSocket);
  const view = await commitPlan(ctx, plan, presentBreakouts(plan.session));
  await sendLiveCommands(ctx, roomId, [
    buildBreakoutsCommand(plan.session, publicIdentity(actorId(ctx.actor) ?? '')),
  ]);
  await applyMoves(ctx, plan.batches);
  return view;
}
