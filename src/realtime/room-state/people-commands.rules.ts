import { OF_NO_CALL } from './facts-commands.rules.ts';
import type { ParsedLiveCommand, CommandContext } from './command-subject.rules.ts';
import { type RoomOutcome, createOutcome } from './outcome.rules.ts';
import {
  unknownCredentialOf,
  isInRoom,
  isHidden,
  type LivePerson,
  personView,
  type RoomFacts,
} from './room-state.rules.ts';

type CommandOf<T extends ParsedLiveCommand['type']> = Extract<ParsedLiveCommand, { type: T }>;

const NOT_IN_ROOM = { joinedAt: null, handRaisedAt: null };

/** The event of a changed role: the person appears, disappears (as an observer), or has a new role. */
export function roleChangeEvents(
  before: LivePerson,
  after: LivePerson,
  by: string | null,
): RoomOutcome['events'] {
  if (!isInRoom(after) || before.role === after.role) return [];
  const { identity, role } = after;
  if (isHidden(before) && !isHidden(after)) return [{ type: 'presence.joined', person: personView(after) }];
  if (!isHidden(before) && isHidden(after)) return [{ type: 'presence.left', identity }];
  return [{ type: 'participant.role', identity, role, by }];
}

/** Sets a person's role from the next frame on, whatever role their earlier tickets name. */
export function changeRole(
  { identity, role, by, atMs }: CommandOf<'participant.role'>,
  room: CommandContext,
): RoomOutcome {
  const decisions = { ...room.decisionsAbout(identity), role, roleAtMs: atMs };
  const person = room.person(identity);
  const changes: RoomOutcome['changes'] = [{ record: 'decisions', id: identity, value: decisions, atMs }];
  if (!person || person.role === role) return createOutcome({ changes });
  const value = { ...person, role };
  return createOutcome({
    changes: [...changes, { record: 'person', id: identity, value }],
    events: roleChangeEvents(person, value, by),
  });
}

/** Takes the spotlight off a person who leaves or is removed; changes nothing when it is on somebody else. */
export function clearSpotlight(
  facts: RoomFacts,
  identity: string,
  by: string | null,
): Pick<RoomOutcome, 'changes' | 'events'> {
  if (facts.spotlight !== identity) return { changes: [], events: [] };
  return {
    changes: [{ record: 'facts', value: { ...facts, spotlight: null } }],
    events: [{ type: 'spotlight.changed', identity: null, by }],
  };
}

/** Removes a person from the room, closes their sockets, and clears their spotlight. */
export function removePerson(
  { identity, reason, by, atMs }: CommandOf<'participant.removed'>,
  room: CommandContext,
): RoomOutcome {
  const { facts } = room.state;
  const person = room.person(identity);
  const changes: RoomOutcome['changes'] = [
    {
      record: 'decisions',
      id: identity,
      value: { ...room.decisionsAbout(identity), removedAtMs: atMs },
      atMs,
    },
  ];
  const events: RoomOutcome['events'] = [];
  if (person) changes.push({ record: 'person', id: identity, value: { ...person, ...NOT_IN_ROOM } });
  if (isInRoom(person) && !isHidden(person))
    events.push({ type: 'participant.removed', identity, reason, by });
  const spotlight = clearSpotlight(facts, identity, by);
  return createOutcome({
    changes: [...changes, ...spotlight.changes],
    events: [...events, ...spotlight.events],
    closes: [{ to: { kind: 'sockets', identity }, closeName: 'removed' }],
  });
}

/** Closes the sockets that rest on a session or an API key which has ended, and remembers it for tickets to come. */
export function endCredential({ credential, userId, atMs }: CommandOf<'credential.ended'>): RoomOutcome {
  const ids = userId === null ? [credential] : [credential, unknownCredentialOf(userId)];
  return createOutcome({
    changes: ids.map((id) => ({ record: 'endedCredential', id, atMs })),
    closes: [{ to: { kind: 'credential', credential, userId }, closeName: 'credentialEnded' }],
  });
}

/** Sends a person to another room, now and, until they follow, whenever their socket comes back. */
export function movePerson(
  { identity, toRoomId, ticket, by, atMs }: CommandOf<'participant.moved'>,
  room: CommandContext,
): RoomOutcome {
  const value = { ...room.decisionsAbout(identity), move: { toRoomId, ticket, by, atMs } };
  return createOutcome({
    changes: [{ record: 'decisions', id: identity, value, atMs }],
    transient: [
      {
        to: { kind: 'identities', identities: [identity] },
        frame: { type: 'participant.moved', toRoomId, ticket, by },
      },
    ],
  });
}

/** A moved person is in the other room: they leave this one, whatever sockets they still have here. */
export function recordEntry(
  { identity, toRoomId, by, atMs }: CommandOf<'participant.entered'>,
  room: CommandContext,
): RoomOutcome {
  const { facts } = room.state;
  const person = room.person(identity);
  const decisions = room.decisionsAbout(identity);
  if (decisions.move && decisions.move.toRoomId !== toRoomId) return createOutcome({});
  const changes: RoomOutcome['changes'] = [
    { record: 'decisions', id: identity, value: { ...decisions, move: null }, atMs },
  ];
  const events: RoomOutcome['events'] = [];
  if (person) changes.push({ record: 'person', id: identity, value: { ...person, ...NOT_IN_ROOM } });
  if (isInRoom(person) && !isHidden(person)) events.push({ type: 'presence.left', identity });
  if (facts.spotlight === identity) {
    changes.push({ record: 'facts', value: { ...facts, spotlight: null } });
    events.push({ type: 'spotlight.changed', identity: null, by });
  }
  return createOutcome({
    changes,
    events,
    closes: [{ to: { kind: 'sockets', identity }, closeName: 'replaced' }],
  });
}

export function endRoom(
  { reason, by, atMs }: CommandOf<'room.ended'>,
  { state }: CommandContext,
): RoomOutcome {
  const leavingPeople = [...state.people.values()].map((person) => ({ ...person, ...NOT_IN_ROOM }));
  return createOutcome({
    changes: [
      { record: 'facts', value: { ...state.facts, ...OF_NO_CALL, endedAtMs: atMs } },
      ...leavingPeople.map((value) => ({ record: 'person', id: value.identity, value }) as const),
    ],
    events: [{ type: 'room.ended', reason, by }],
    closes: [{ to: { kind: 'everyone' }, closeName: 'roomEnded' }],
  });
}
