import type { Ctx } from '../../platform/context/index.ts';
import { requestErrors } from '../../platform/core/index.ts';
import { requirePerson } from '../contacts/index.ts';
import { findInCalls, findSaid, saidAt } from '../presence/index.ts';
import {
  createRoomSchema,
  findRoom,
  findRoomPerson,
  newRoom,
  putRoomRoles,
  type Room,
  type RoomPerson,
  roomErrors,
  roomsCreated,
  viewerOf,
} from '../rooms/index.ts';
import { findActiveMember, findContactOf, findEntryAbout, findKeeping, userIdOf } from './callee.queries.ts';
import { findDirectRoom, mustHaveNoRoom } from './direct-rooms.queries.ts';
import { ringErrors } from './ringing.errors.ts';
import { findEarlier, insertRing, lockPair, mustBeFree } from './ringing.queries.ts';
import {
  type Callee,
  effectOf,
  type Fate,
  fateOf,
  requireMayRing,
  type Ring,
  RINGS_WINDOW_MS,
} from './ringing.rules.ts';
import type { StartRing } from './ringing.schemas.ts';
import { tellRing } from './tell-ring.ts';
import type { RingOfTwo } from './tellings.rules.ts';

type Parties = Pick<RingOfTwo, 'caller' | 'callee'>;

/** Where the two meet: a room that is there, or one to be made with the ring. */
interface Place {
  roomId: string;
  /** The room is the pair's own. */
  direct: boolean;
  made?: Room;
}

const since = (ctx: Ctx) => new Date(ctx.clock.now() - RINGS_WINDOW_MS);

/** The room that is named, when the caller may ring somebody into it. */
function namedRoom(room: Room | undefined, person: RoomPerson | undefined): Place {
  if (!room) throw roomErrors.notFound();
  if (room.status !== 'open') throw ringErrors.roomEnded();
  if (person?.removedAt) throw ringErrors.keptOut();
  return { roomId: room.id, direct: false };
}

/** A room of the two: both are its hosts, and whoever else is rung in waits outside. */
function directRoom(ctx: Ctx, { caller, callee }: Parties): Place {
  const name = `${caller.name}, ${callee.name}`.slice(0, 255).toWellFormed();
  const input = createRoomSchema.parse({ name, type: 'one_to_one', lobby: true });
  const made = newRoom(ctx, input, { directFor: callee.userId });
  return { roomId: made.id, direct: true, made };
}

/** Who rings whom and where, as far as the caller may know. */
async function readOwnSide(
  ctx: Ctx,
  callerId: string,
  { to, roomId }: StartRing,
): Promise<{ parties: Parties; place: Place }> {
  const { organizationId } = ctx;
  const calleeId = userIdOf(organizationId, callerId, to);
  const [[entry], [callee], [caller], earlier, [direct], [named], [person]] = await ctx.read((q) => [
    findContactOf(q, organizationId, callerId, to),
    findActiveMember(q, organizationId, calleeId),
    findActiveMember(q, organizationId, userIdOf(organizationId, callerId, callerId)),
    findEarlier(q, organizationId, callerId, calleeId, since(ctx)),
    findDirectRoom(q, organizationId, callerId, calleeId),
    findRoom(q, organizationId, roomId ?? '', viewerOf(ctx.actor)),
    findRoomPerson(q, organizationId, roomId ?? '', callerId),
  ]);
  if (entry?.userId === null) throw ringErrors.notReachable();
  if (!callee || !caller) throw ringErrors.personNotFound();
  if (callee.userId === callerId) throw ringErrors.self();
  requireMayRing(earlier, callerId, ctx.clock.now());
  const parties = { caller, callee };
  if (roomId !== undefined) return { parties, place: namedRoom(named?.room, person) };
  return { parties, place: direct ? { ...direct, direct: true } : directRoom(ctx, parties) };
}

/** What becomes of the ring: that stands behind the callee's own wall, and is read within it. */
async function readFate(ctx: Ctx, { caller, callee }: Parties): Promise<Fate> {
  const { organizationId } = ctx;
  const { userId } = callee;
  const [[said], [entry], inCalls, keeping] = await ctx.read(
    (q) => [
      findSaid(q, organizationId, userId),
      findEntryAbout(q, organizationId, userId, caller.userId),
      findInCalls(q, organizationId, [userId]),
      findKeeping(q, organizationId, userId, caller.userId),
    ],
    { role: 'app', organizationId, userId },
  );
  const facts: Callee = {
    said: saidAt(said, ctx.clock.now()),
    listed: entry !== undefined,
    favourite: entry?.favourite ?? false,
    blocked: entry !== undefined && entry.blockedAt !== null,
    occupied: inCalls.length > 0 || keeping.length > 0,
  };
  return fateOf(facts);
}

/**
 * The parts of the commit that make the pair's room and have both as its hosts. Whoever blocks the caller has nothing to
 * do with it: it shows up nowhere for them, and is theirs as well only with a ring that they are not kept from.
 */
function roomOf(
  ctx: Ctx,
  { roomId, direct, made }: Place,
  { caller, callee }: Parties,
  { unheard }: Fate,
): Partial<ReturnType<typeof roomsCreated>> & Pick<ReturnType<typeof roomsCreated>, 'write'> {
  if (!direct) return { write: () => [] };
  const parts = made ? roomsCreated([made]) : { write: () => [] };
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
  return { ...parts, write: (q) => [...parts.write(q), putRoomRoles(q, rows, 'keep')] };
}

/**
 * Rings somebody of the organization: in the room that is named, else in one of the two of them.
 * @throws AppError `ringing.person_not_found`, `ringing.not_reachable`, `ringing.self`, `ringing.crossed`,
 * `ringing.already_ringing`, `ringing.too_many`, `ringing.room_ended`, `ringing.kept_out` or `rooms.not_found`
 */
export async function startRing(ctx: Ctx, input: StartRing): Promise<RingOfTwo> {
  const callerId = requirePerson(ctx.actor);
  const { parties, place } = await readOwnSide(ctx, callerId, input);
  const fate = await readFate(ctx, parties);
  const now = new Date(ctx.clock.now());
  const ring: Ring = {
    id: ctx.ids.create('ring'),
    organizationId: ctx.organizationId,
    callerId,
    calleeId: parties.callee.userId,
    roomId: place.roomId,
    direct: place.direct,
    message: input.message ?? null,
    ...fate,
    timeoutSeconds: input.timeoutSeconds,
    expiresAt: new Date(now.getTime() + input.timeoutSeconds * 1000),
    endedAt: fate.status === 'ringing' ? null : now,
    endedBy: null,
    createdAt: now,
    version: 1,
  };
  const room = roomOf(ctx, place, parties, fate);
  const result = await ctx.commit({
    write: (q) => [
      lockPair(q, ring),
      ...mustBeFree(q, ring, since(ctx)),
      // Made by a ring that was faster: this one goes there as well.
      ...(place.made ? [mustHaveNoRoom(q, ctx.organizationId, callerId, ring.calleeId)] : []),
      ...room.write(q),
      insertRing(q, ring),
    ],
    ...(room.audit ? { audit: room.audit } : {}),
    effects: [...(room.effects ?? []), effectOf(ring)],
    // Somebody else was first: what they are is looked at again.
    conflicts: { rings_sounding_key: requestErrors.stale },
    result: { ring, ...parties },
  });
  ctx.after('ring.tell', () => tellRing(ctx, result));
  return result;
}
