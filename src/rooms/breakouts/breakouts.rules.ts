import { type Call, UNCOUNTED_ROLES } from '../../calls/calls/index.ts';
import type { ModerationTarget } from '../moderation/index.ts';
import { moveErrors, type PersonToMove } from '../moves/index.ts';
import { isModeratorRole } from '../access/index.ts';
import type { createRoomSchema, Room, RoomPerson } from '../rooms/index.ts';
import { breakoutErrors } from './breakouts.errors.ts';
import type { breakoutPeople, breakouts } from './breakouts.tables.ts';

export type Breakout = typeof breakouts.$inferSelect;
export type BreakoutPerson = typeof breakoutPeople.$inferSelect;

/** A group: a room of its own, with its open call. */
export interface BreakoutGroup {
  room: Room;
  call: Call | null;
}

/** One time that a room is divided, with its groups and people. */
export interface BreakoutSession {
  breakout: Breakout;
  /** In the order of the request. */
  groups: BreakoutGroup[];
  people: Pick<BreakoutPerson, 'identity' | 'roomId'>[];
}

/** A person of a session, in the role that they have now in the room that is divided. */
export interface SessionPerson extends BreakoutPerson, Pick<PersonToMove, 'switches'> {
  /** Whether they were removed from the room that is divided: they cannot be sent back. */
  isRemoved: boolean;
}

/** A session as it is read: with the switches of the links through which its people joined. */
export interface StoredBreakoutSession extends BreakoutSession {
  people: SessionPerson[];
}

/** Assembles sessions from the rows of `selectSession` and its siblings, in the order of the first. */
export function assembleSessions([found, rooms, people]: readonly [
  readonly Breakout[],
  readonly (BreakoutGroup & { breakoutId: string })[],
  readonly {
    person: BreakoutPerson;
    switches: PersonToMove['switches'];
    current: Pick<RoomPerson, 'role' | 'removedAt'> | null;
  }[],
]): StoredBreakoutSession[] {
  return found.map((breakout) => ({
    breakout,
    groups: rooms.filter(({ breakoutId }) => breakoutId === breakout.id),
    people: people
      .filter(({ person }) => person.breakoutId === breakout.id)
      .map(({ person, switches, current }) => ({
        ...person,
        switches,
        role: current?.role ?? person.role,
        isRemoved: current !== null && current.removedAt !== null,
      })),
  }));
}

/** A participant of the call, as a person to move. @throws AppError `moves.on_telephone` */
export function toPersonToMove({ participant, person, switches }: ModerationTarget): PersonToMove {
  const { identity, kind, userId, name, role, credential } = participant;
  if (kind === 'phone') throw moveErrors.onTelephone();
  return { identity, kind, userId, linkId: person?.linkId ?? null, credential, name, role, switches };
}

/** The targets that can be moved: not removed from the room, and not on the telephone, which stays in its call. */
export const filterMovable = (targets: readonly ModerationTarget[]): ModerationTarget[] =>
  targets.filter(({ participant, person }) => !person?.removedAt && participant.kind !== 'phone');

/** The identities that are distributed automatically: everybody in the call except moderators, agents and observers. */
export function filterAssignable(
  targets: readonly ModerationTarget[],
  withSocket: ReadonlySet<string> | null,
): string[] {
  return targets
    .map(({ participant }) => participant)
    .filter(({ identity }) => withSocket === null || withSocket.has(identity))
    .filter(({ status }) => status === 'connected' || status === 'disconnected')
    .filter(({ role }) => !isModeratorRole(role) && !(UNCOUNTED_ROLES as readonly string[]).includes(role))
    .map(({ identity }) => identity);
}

/** Distributes people evenly over groups. @param random four bytes for each person; they decide the order */
export function distributeEvenly(people: readonly string[], groups: number, random: Uint8Array): string[][] {
  const view = new DataView(random.buffer, random.byteOffset, random.byteLength);
  const shuffled = people
    .map((identity, at) => ({ identity, rank: view.getUint32(at * 4) }))
    .toSorted((a, b) => a.rank - b.rank);
  return Array.from({ length: groups }, (_, group) =>
    shuffled.filter((_person, at) => at % groups === group).map(({ identity }) => identity),
  );
}

/** The people with these identities. @throws AppError `breakouts.unknown_people` naming those not in the call */
export function requireKnownPeople(
  identities: readonly string[],
  peopleByIdentity: ReadonlyMap<string, PersonToMove>,
): PersonToMove[] {
  const unknownIdentities = identities.filter((identity) => !peopleByIdentity.has(identity));
  if (unknownIdentities.length > 0)
    throw breakoutErrors.unknownPeople({ detail: unknownIdentities.slice(0, 10).join(', ') });
  return identities.map((identity) => peopleByIdentity.get(identity)!);
}

/** The settings of a group's room: those of its parent, but locked, because people are sent to it. */
export function buildGroupRoom(parent: Room, name: string): ReturnType<(typeof createRoomSchema)['parse']> {
  const { type, features, defaultRoles, capacity, recordingConsent } = parent;
  const { emptyTimeoutSeconds, departureTimeoutSeconds } = parent;
  return {
    name,
    type: type === 'one_to_one' ? 'group' : type,
    capacity,
    features,
    defaultRoles,
    lobby: false,
    waitForHost: false,
    locked: true,
    recordingConsent,
    // Groups are recorded when somebody asks for it.
    automaticRecording: 'off',
    schedule: null,
    maxDurationSeconds: null,
    aloneTimeoutSeconds: null,
    emptyTimeoutSeconds,
    departureTimeoutSeconds,
    tags: [],
    metadata: {},
  };
}
