import type { CommitRequest, Ctx } from '../../kernel/context/index.ts';
import { type Actor, actorId, requirePermission } from '../../kernel/core/index.ts';
import { limitOnPlan } from '../../identity/entitlements/index.ts';
import { holdRooms, insertRooms } from './rooms.queries.ts';
import { requireOccurrence, type Room, TYPE_DEFAULTS } from './rooms.rules.ts';
import type { CreateRoom } from './rooms.schemas.ts';
import { roomCreated } from './rooms.events.ts';

/** The plan that the credential names. */
const planOf = (actor: Actor) => (actor.kind === 'user' || actor.kind === 'apiKey' ? actor.plan : null);

/** Builds the row of a new room, whose host is the actor. @throws AppError `rooms.bad_schedule` */
export function buildRoom(
  ctx: Pick<Ctx, 'ids' | 'clock' | 'organizationId' | 'actor'>,
  { capacity, features, defaultRoles, ...input }: CreateRoom,
  { parentRoomId = null, directFor = null }: { parentRoomId?: string | null; directFor?: string | null } = {},
): Room {
  const nowMs = ctx.clock.now();
  const now = new Date(nowMs);
  requireOccurrence(input.schedule);
  const defaults = TYPE_DEFAULTS[input.type];
  return {
    ...input,
    id: ctx.ids.create('room'),
    organizationId: ctx.organizationId,
    status: 'open',
    capacity: capacity ?? Math.min(defaults.capacity, limitOnPlan('room_capacity', planOf(ctx.actor))),
    features: { ...defaults.features, ...features },
    defaultRoles: { ...defaults.defaultRoles, ...defaultRoles },
    scheduleChanges: [],
    cluster: null,
    direct: directFor !== null,
    directFor,
    parentRoomId,
    createdBy: actorId(ctx.actor)!,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
    version: 1,
  };
}

/** The parts of a commit that create rooms: for modules that create rooms together with something else. */
export function roomCreationCommit(
  rooms: Room[],
): Pick<CommitRequest<unknown>, 'write' | 'audit' | 'events'> {
  return {
    write: (q) => [insertRooms(q, rooms)],
    audit: rooms.map(({ id, name, type }) => ({
      action: 'room.created',
      target: { type: 'room', id },
      after: { name, type },
    })),
    events: rooms.map(({ id }) => roomCreated.of({ roomId: id })),
  };
}

export interface CreatedRooms {
  rooms: Room[];
  /** When they were created, in milliseconds since the epoch: what they are presented for. */
  madeAtMs: number;
}

/**
 * Creates rooms, all of them or none. The caller is their host.
 * @throws AppError `auth.forbidden`, `rooms.bad_schedule` or `billing.limit_reached`
 */
export async function createRooms(ctx: Ctx, inputs: readonly CreateRoom[]): Promise<CreatedRooms> {
  requirePermission(ctx.actor, 'rooms:write');
  const rooms = inputs.map((input) => buildRoom(ctx, input));
  const madeAtMs = ctx.clock.now();
  const added = {
    organizationId: ctx.organizationId,
    now: new Date(madeAtMs),
    added: rooms.length,
    capacity: Math.max(...rooms.map(({ capacity }) => capacity)),
  };
  const creation = roomCreationCommit(rooms);
  return ctx.commit({
    ...creation,
    write: (q) => [...creation.write(q), ...holdRooms(q, added)],
    result: { rooms, madeAtMs },
  });
}
