import { type Call, UNCOUNTED_ROLES } from '../../calls/calls/index.ts';
import type { ModerationTarget } from '../moderation/index.ts';
import type { PersonToMove } from '../moves/index.ts';
import type { LiveBreakouts, LiveCommand } from '../../realtime/protocol/index.ts';
import { isModeratorRole } from '../access/index.ts';
import type { createRoomSchema, Room, RoomPerson } from '../rooms/index.ts';
import { breakoutErrors } from './breakouts.errors.ts';
import type { BreakoutsView } from './breakouts.schemas.ts';
import type { breakoutPeople, breakouts } from './breakouts.tables.ts';

export type Breakout = typeof breakouts.$inferSelect;
export type BreakoutPerson = typeof breakoutPeople.$inferSelect;

/** A group: a room of its own, with the call that is going on in it. */
export interface BreakoutGroup {
  room: Room;
  call: Call | null;
}

/** One time that a room is divided, whole. */
export interface BreakoutSession {
  breakout: Breakout;
  /** In their order. */
  groups: BreakoutGroup[];
  people: Pick<BreakoutPerson, 'identity' | 'roomId'>[];
}

/** Somebody in a division, in the role that the room which is divided gives them by now. */
export interface SessionPerson extends BreakoutPerson, Pick<PersonToMove, 'switches'> {
  /** Removed from the room that is divided: there is no way back for them. */
  isRemoved: boolean;
}

/** A division as it is read: with the switches of the links that let its people in. */
export interface StoredBreakoutSession extends BreakoutSession {
  people: SessionPerson[];
}

/** Puts together what was read of divisions, in their order. */
export function assembleSessions([found, rooms, people]: readonly [
  readonly Breakout[],
  readonly (BreakoutGroup & { breakoutId: string })[],
  readonly {
    person: BreakoutPerson;
    switches: PersonToMove['switches'];
    now: Pick<RoomPerson, 'role' | 'removedAt'> | null;
  }[],
]): StoredBreakoutSession[] {
  return found.map((breakout) => ({
    breakout,
    groups: rooms.filter(({ breakoutId }) => breakoutId === breakout.id),
    people: people
      .filter(({ person }) => person.breakoutId === breakout.id)
      .map(({ person, switches, now }) => ({
        ...person,
        switches,
        role: now?.role ?? person.role,
        isRemoved: now !== null && now.removedAt !== null,
      })),
  }));
}

const toIsoOrNull = (moment: Date | null) => moment?.toISOString() ?? null;

const presentGroups = ({ groups, people }: BreakoutSession): BreakoutsView['rooms'] =>
  groups.map(({ room }) => ({
    roomId: room.id,
    name: room.name,
    identities: people
      .filter(({ roomId }) => roomId === room.id)
      .map(({ identity }) => identity)
      .toSorted(),
  }));

export function presentBreakouts(session: BreakoutSession): BreakoutsView {
  const { id, roomId, assignment, status, openedAt, closesAt, closedAt } = session.breakout;
  return {
    id,
    roomId,
    assignment,
    status,
    openedAt: openedAt.toISOString(),
    closesAt: toIsoOrNull(closesAt),
    closedAt: toIsoOrNull(closedAt),
    rooms: presentGroups(session),
  };
}

/** What the room that is divided is told; the same however often it is told. */
export function buildBreakoutsCommand(session: BreakoutSession, by: string | null = null): LiveCommand {
  const { id, status, closesAt, version, updatedAt } = session.breakout;
  const view: LiveBreakouts = {
    breakoutId: id,
    status,
    closesAt: toIsoOrNull(closesAt),
    rooms: presentGroups(session),
  };
  const eventName = status === 'closed' ? 'closed' : version === 1 ? 'opened' : 'updated';
  return {
    type: `breakouts.${eventName}`,
    key: `${id}:${version}`,
    atMs: updatedAt.getTime(),
    by,
    breakouts: view,
  };
}

/** Somebody who takes part in groups, as they are in the call. */
export function toPersonToMove({ participant, person, switches }: ModerationTarget): PersonToMove {
  const { identity, kind, userId, name, role } = participant;
  return { identity, kind, userId, linkId: person?.linkId ?? null, name, role, switches };
}

/** Those whom the room does not keep out. */
export const excludeRemoved = (targets: readonly ModerationTarget[]): ModerationTarget[] =>
  targets.filter(({ person }) => !person?.removedAt);

/** Who is dealt out: everybody who is there, but for those who moderate and those who only help or watch. */
export function filterAssignable(targets: readonly ModerationTarget[]): string[] {
  return targets
    .map(({ participant }) => participant)
    .filter(({ status }) => status === 'connected' || status === 'disconnected')
    .filter(({ role }) => !isModeratorRole(role) && !(UNCOUNTED_ROLES as readonly string[]).includes(role))
    .map(({ identity }) => identity);
}

/** Deals people out evenly, in an order that the random bytes make: four for each of them. */
export function distributeEvenly(people: readonly string[], groups: number, random: Uint8Array): string[][] {
  const view = new DataView(random.buffer, random.byteOffset, random.byteLength);
  const shuffled = people
    .map((identity, at) => ({ identity, rank: view.getUint32(at * 4) }))
    .toSorted((a, b) => a.rank - b.rank);
  return Array.from({ length: groups }, (_, group) =>
    shuffled.filter((_person, at) => at % groups === group).map(({ identity }) => identity),
  );
}

/** The people of the call, by identity. @throws AppError `breakouts.unknown_people` naming the others */
export function requireKnownPeople(
  identities: readonly string[],
  peopleByIdentity: ReadonlyMap<string, PersonToMove>,
): PersonToMove[] {
  const unknownIdentities = identities.filter((identity) => !peopleByIdentity.has(identity));
  if (unknownIdentities.length > 0)
    throw breakoutErrors.unknownPeople({ detail: unknownIdentities.slice(0, 10).join(', ') });
  return identities.map((identity) => peopleByIdentity.get(identity)!);
}

/**
 * The room of a group: as its parent, but for as many as all of it, and locked, because people are sent to it.
 */
export function buildGroupRoom(parent: Room, name: string): ReturnType<(typeof createRoomSchema)['parse']> {
  const { type, features, defaultRoles, capacity, emptyTimeoutSeconds, departureTimeoutSeconds } = parent;
  return {
    name,
    type: type === 'one_to_one' ? 'group' : type,
    capacity,
    features,
    defaultRoles,
    lobby: false,
    locked: true,
    schedule: null,
    maxDurationSeconds: null,
    emptyTimeoutSeconds,
    departureTimeoutSeconds,
    tags: [],
    metadata: {},
  };
}
