import type { Ctx } from '../../kernel/context/index.ts';
import { cutText, requestErrors } from '../../kernel/core/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { holdMinutes } from '../../calls/minutes/index.ts';
import { requirePerson } from '../contacts/index.ts';
import { selectUsersInCalls, selectPresence, presenceAt } from '../presence/index.ts';
import { restrictedViewer, selectVisibleRoom } from '../../rooms/access/index.ts';
import {
  createRoomSchema,
  selectRoomPerson,
  buildRoom,
  upsertRoomRoles,
  type Room,
  type RoomPerson,
  roomErrors,
  roomCreationCommit,
} from '../../rooms/rooms/index.ts';
import {
  selectActiveMember,
  selectUserOfContact,
  selectContactEntry,
  selectOngoingRings,
  resolveUserId,
} from './callee.queries.ts';
import { selectDirectRoom, mustHaveNoDirectRoom } from './direct-rooms.queries.ts';
import { buildRingEvent } from './ringing.events.ts';
import { ringErrors } from './ringing.errors.ts';
import { selectRecentRings, insertRing, lockPair, mustBeAllowedToRing } from './ringing.queries.ts';
import {
  type CalleeState,
  type RingOutcome,
  decideOutcome,
  requireRingAllowed,
  type Ring,
  RINGS_WINDOW_MS,
} from './ringing.rules.ts';
import type { StartRing } from './ringing.schemas.ts';
import { mustNotBeRemoved } from './rings-to-cancel.queries.ts';
import { notifyRing } from './notify-ring.ts';
import type { RingDetails } from './inbox-events.rules.ts';

type RingParties = Pick<RingDetails, 'caller' | 'callee'>;

/** The room of the ring: an existing one, or one to create with the ring. */
interface RingRoom {
  roomId: string;
  /** The room is the pair's direct room. */
  direct: boolean;
  createdRoom?: Room;
}

const windowStart = (ctx: Ctx) => new Date(ctx.clock.now() - RINGS_WINDOW_MS);

/** @throws AppError when the caller may not ring others into the given room */
function requireNamedRoom(room: Room | undefined, person: RoomPerson | undefined): RingRoom {
  if (!room) throw roomErrors.notFound();
  if (room.status !== 'open') throw ringErrors.roomEnded();
  if (person?.removedAt) throw ringErrors.keptOut();
  return { roomId: room.id, direct: false };
}

/** A direct room for the pair: both are hosts, and everybody else waits in the lobby. */
function createDirectRoom(ctx: Ctx, { caller, callee }: RingParties): RingRoom {
  const name = cutText(`${caller.name}, ${callee.name}`, 255);
  const input = createRoomSchema.parse({ name, type: 'one_to_one', lobby: true });
  const createdRoom = buildRoom(ctx, input, { directFor: callee.userId });
  return { roomId: createdRoom.id, direct: true, createdRoom };
}

/** Reads caller, callee and room in the caller's scope, and checks what the caller may know about. */
async function readCallerSide(
  ctx: Ctx,
  callerId: string,
  { to, roomId }: StartRing,
): Promise<{ parties: RingParties; ringRoom: RingRoom }> {
  const { organizationId } = ctx;
  const calleeId = resolveUserId(organizationId, callerId, to);
  const [[entry], [callee], [caller], recentRings, [direct], [namedRoomRow], [person]] = await ctx.read(
    (q) => [
      selectUserOfContact(q, organizationId, callerId, to),
      selectActiveMember(q, organizationId, calleeId),
      selectActiveMember(q, organizationId, resolveUserId(organizationId, callerId, callerId)),
      selectRecentRings(q, organizationId, callerId, calleeId, windowStart(ctx)),
      selectDirectRoom(q, organizationId, callerId, calleeId),
      selectVisibleRoom(q, organizationId, roomId ?? '', restrictedViewer(ctx.actor)),
      selectRoomPerson(q, organizationId, roomId ?? '', callerId),
    ],
  );
  if (entry?.userId === null) throw ringErrors.notReachable();
  if (!callee || !caller) throw ringErrors.personNotFound();
  if (callee.userId === callerId) throw ringErrors.self();
  requireRingAllowed(recentRings, callerId, ctx.clock.now());
  const parties = { caller, callee };
  if (roomId !== undefined) return { parties, ringRoom: requireNamedRoom(namedRoomRow?.room, person) };
  return { parties, ringRoom: direct ? { ...direct, direct: true } : createDirectRoom(ctx, parties) };
}

/** Decides whether the ring sounds. What it depends on is visible in the callee's scope only. */
async function readOutcome(ctx: Ctx, { caller, callee }: RingParties): Promise<RingOutcome> {
  const { organizationId } = ctx;
  const { userId } = callee;
  const [[storedPresence], [entry], inCalls, ongoingRings] = await ctx.read(
    (q) => [
      selectPresence(q, organizationId, userId),
      selectContactEntry(q, organizationId, userId, caller.userId),
      selectUsersInCalls(q, organizationId, [userId]),
      selectOngoingRings(q, organizationId, userId, caller.userId),
    ],
    { role: 'app', organizationId, userId },
  );
  const calleeState: CalleeState = {
    storedPresence: presenceAt(storedPresence, ctx.clock.now()),
    listed: entry !== undefined,
    favourite: entry?.favourite ?? false,
    blocked: entry !== undefined && entry.blockedAt !== null,
    occupied: inCalls.length > 0 || ongoingRings.length > 0,
  };
  return decideOutcome(calleeState);
}

/**
 * The parts of the commit that create the direct room and make both users its hosts. A callee who has blocked the caller
 * is not made a host, so that the room does not appear anywhere for them; a later ring after the block makes them one.
 */
function buildRoomChanges(
  ctx: Ctx,
  { roomId, direct, createdRoom }: RingRoom,
  { caller, callee }: RingParties,
  { unheard }: RingOutcome,
): Partial<ReturnType<typeof roomCreationCommit>> & Pick<ReturnType<typeof roomCreationCommit>, 'write'> {
  if (!direct) return { write: () => [] };
  const roomChanges = createdRoom ? roomCreationCommit([createdRoom]) : { write: () => [] };
  const hosts = unheard === 'blocked' ? [caller] : [caller, callee];
  const rows = hosts.map(({ userId }) => ({
    organizationId: ctx.organizationId,
    roomId,
    identity: userId,
    userId,
    role: 'host' as const,
    changedBy: caller.userId,
    updatedAt: new Date(ctx.clock.now()),
  }));
  return { ...roomChanges, write: (q) => [...roomChanges.write(q), upsertRoomRoles(q, rows, 'keep')] };
}

const ringConditions = (q: Queries, ring: Ring, since: Date): Statement[] => [
  // Before somebody's phone rings for a call that could not begin.
  holdMinutes(q, { ...ring, callId: null, identity: ring.callerId, now: ring.createdAt }),
  lockPair(q, ring),
  ...mustBeAllowedToRing(q, ring, since),
  ...mustNotBeRemoved(q, ring),
];

/**
 * Rings another member of the organization, in the given room or in the direct room of the two.
 * @throws AppError `ringing.person_not_found`, `ringing.not_reachable`, `ringing.self`, `ringing.crossed`,
 * `ringing.already_ringing`, `ringing.too_many`, `ringing.room_ended`, `ringing.kept_out`, `ringing.callee_removed`, `rooms.not_found` or `billing.limit_reached`
 */
export async function startRing(ctx: Ctx, input: StartRing): Promise<RingDetails> {
  const callerId = requirePerson(ctx.actor);
  const { parties, ringRoom } = await readCallerSide(ctx, callerId, input);
  const outcome = await readOutcome(ctx, parties);
  const now = new Date(ctx.clock.now());
  const ring: Ring = {
    id: ctx.ids.create('ring'),
    organizationId: ctx.organizationId,
    callerId,
    calleeId: parties.callee.userId,
    roomId: ringRoom.roomId,
    direct: ringRoom.direct,
    message: input.message ?? null,
    ...outcome,
    timeoutSeconds: input.timeoutSeconds,
    expiresAt: new Date(now.getTime() + input.timeoutSeconds * 1000),
    endedAt: outcome.status === 'ringing' ? null : now,
    endedBy: null,
    createdAt: now,
    version: 1,
  };
  const roomChanges = buildRoomChanges(ctx, ringRoom, parties, outcome);
  const result = await ctx.commit({
    write: (q) => [
      ...ringConditions(q, ring, windowStart(ctx)),
      // Fails if a concurrent ring created the direct room first; the retry uses that one.
      ...(ringRoom.createdRoom ? [mustHaveNoDirectRoom(q, ctx.organizationId, callerId, ring.calleeId)] : []),
      ...roomChanges.write(q),
      insertRing(q, ring),
    ],
    ...(roomChanges.audit ? { audit: roomChanges.audit } : {}),
    events: [...(roomChanges.events ?? []), buildRingEvent(ring)],
    // Another ring sounds at the callee since the read: read again and decide again.
    conflicts: { rings_sounding_key: requestErrors.stale },
    result: { ring, ...parties },
  });
  ctx.after('ring.notify', () => notifyRing(ctx, result));
  return result;
}
