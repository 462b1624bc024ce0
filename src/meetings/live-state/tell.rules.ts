import type { z } from '@hono/zod-openapi';
import type { liveCommandSchema } from '../realtime/index.ts';
import { type Audience, NOTHING, type Outcome, outcome } from './outcome.rules.ts';
import {
  isHere,
  isHidden,
  type Person,
  personView,
  type RoomState,
  type Told,
} from './state.rules.ts';

/** A command as it is after parsing: `by` is there. */
export type Command = z.output<typeof liveCommandSchema>;
type Of<T extends Command['type']> = Extract<Command, { type: T }>;

/** As many closed polls stay to be seen. */
const CLOSED_POLLS_KEPT = 20;
/** As many who wait are shown; the rest is in the list of the API. */
export const LOBBY_SHOWN = 500;

/** The room that is told something. */
export interface ToldRoom {
  state: RoomState;
  /** Somebody who is or was here. */
  person(identity: string): Person | undefined;
  told(identity: string): Told;
  nowMs: number;
}

const ALL: Audience = { kind: 'all' };
const only = (...identities: string[]): Audience => ({ kind: 'identities', identities });
const audience = (to: string[] | null): Audience => (to === null ? ALL : only(...to));

/**
 * What a command decides about: of two about the same thing the later one stands. Null for those that only make
 * something happen.
 */
export function thingOf(command: Command): string | null {
  switch (command.type) {
    case 'participant.role':
      return `role/${command.identity}`;
    case 'participant.removed':
    case 'participant.readmitted':
      return `kept out/${command.identity}`;
    case 'room.locked':
    case 'room.updated':
    case 'room.ended':
    case 'spotlight':
      return command.type;
    case 'lobby.waiting':
      return `lobby/${command.entry.lobbyEntryId}`;
    case 'lobby.decided':
      return `lobby/${command.lobbyEntryId}`;
    case 'breakouts.opened':
    case 'breakouts.updated':
    case 'breakouts.closed':
      return `breakouts/${command.breakouts.breakoutId}`;
    case 'poll.opened':
    case 'poll.updated':
    case 'poll.closed':
      return `poll/${command.poll.pollId}`;
    case 'call.started':
    case 'call.ended':
      return `call/${command.callId}`;
    case 'participant.moved':
    case 'hands.lower':
    case 'media.muted':
    case 'data':
    case 'notice':
      return null;
  }
}

/** Shown, hidden, or changed before everybody's eyes, when the role of somebody who is here changes. */
function roleEvents(before: Person, after: Person, by: string | null): Outcome['events'] {
  if (!isHere(after)) return [];
  const { identity, role } = after;
  if (isHidden(before) && !isHidden(after)) return [{ type: 'presence.joined', person: personView(after) }];
  if (!isHidden(before) && isHidden(after)) return [{ type: 'presence.left', identity }];
  return [{ type: 'participant.role', identity, role, by }];
}

function changeRole({ identity, role, by, atMs }: Of<'participant.role'>, room: ToldRoom): Outcome {
  const told = { ...room.told(identity), role, roleAtMs: atMs };
  const person = room.person(identity);
  const changes: Outcome['changes'] = [{ thing: 'told', id: identity, value: told, atMs }];
  if (!person || person.role === role) return outcome({ changes });
  const value = { ...person, role };
  return outcome({
    changes: [...changes, { thing: 'person', id: identity, value }],
    events: roleEvents(person, value, by),
  });
}

function remove({ identity, reason, by, atMs }: Of<'participant.removed'>, room: ToldRoom): Outcome {
  const told = { ...room.told(identity), removedAtMs: atMs };
  const person = room.person(identity);
  const gone = person && { ...person, joinedAt: null, handRaisedAt: null };
  const shown = isHere(person) && !isHidden(person);
  return outcome({
    changes: [
      { thing: 'told', id: identity, value: told, atMs },
      ...(gone ? ([{ thing: 'person', id: identity, value: gone }] as const) : []),
    ],
    events: shown ? [{ type: 'participant.removed', identity, reason, by }] : [],
    closing: [{ to: only(identity), why: 'removed' }],
  });
}

function endRoom({ reason, by, atMs }: Of<'room.ended'>, { state }: ToldRoom): Outcome {
  const here = [...state.people.values()].map((person) => ({
    ...person,
    joinedAt: null,
    handRaisedAt: null,
  }));
  return outcome({
    changes: [
      { thing: 'facts', value: { ...state.facts, endedAtMs: atMs, spotlight: null, call: null } },
      ...here.map((value) => ({ thing: 'person', id: value.identity, value }) as const),
    ],
    events: [{ type: 'room.ended', reason, by }],
    closing: [{ to: { kind: 'everyone', alsoWaiting: true }, why: 'roomEnded' }],
  });
}

function lowerHands({ identity, by }: Of<'hands.lower'>, { state }: ToldRoom): Outcome {
  const raised = [...state.people.values()].filter(
    (person) => person.handRaisedAt !== null && (identity === null || person.identity === identity),
  );
  if (raised.length === 0) return NOTHING;
  return outcome({
    changes: raised.map((person) => ({
      thing: 'person',
      id: person.identity,
      value: { ...person, handRaisedAt: null },
    })),
    events: [{ type: 'hand.lowered', identity, by }],
  });
}

function changeFacts(
  command: Of<'room.locked' | 'room.updated' | 'spotlight' | 'call.started' | 'call.ended'>,
  { state: { facts } }: ToldRoom,
): Outcome {
  const { by } = command;
  const to = (value: typeof facts, event: Outcome['events'][number]) =>
    outcome({ changes: [{ thing: 'facts', value }], events: [event] });
  switch (command.type) {
    case 'room.locked': {
      const { locked } = command;
      return locked === facts.locked
        ? NOTHING
        : to({ ...facts, locked }, { type: 'room.locked', locked, by });
    }
    case 'room.updated': {
      const features = { ...facts.features, ...command.features };
      const name = command.name ?? facts.name;
      return to({ ...facts, name, features }, { type: 'room.updated', name, features, by });
    }
    case 'spotlight': {
      const { identity } = command;
      if (identity === facts.spotlight) return NOTHING;
      return to({ ...facts, spotlight: identity }, { type: 'spotlight.changed', identity, by });
    }
    case 'call.started': {
      const { callId, startedAt } = command;
      if (facts.call?.callId === callId) return NOTHING;
      return to({ ...facts, call: { callId, startedAt } }, { type: 'call.started', callId, startedAt });
    }
    case 'call.ended': {
      const { callId, endedAt } = command;
      const call = facts.call?.callId === callId ? null : facts.call;
      return to({ ...facts, call, spotlight: null }, { type: 'call.ended', callId, endedAt });
    }
  }
}

function changePoll({ type, poll }: Of<`poll.${string}` & Command['type']>, { state }: ToldRoom): Outcome {
  const closed = [...state.polls.values()]
    .filter(({ status, pollId }) => status === 'closed' && pollId !== poll.pollId)
    .sort((a, b) => (a.openedAt < b.openedAt ? 1 : -1));
  return outcome({
    changes: [
      { thing: 'poll', id: poll.pollId, value: poll },
      ...closed
        .slice(CLOSED_POLLS_KEPT)
        .map(({ pollId }) => ({ thing: 'poll', id: pollId, value: null }) as const),
    ],
    events: [{ type, poll }],
  });
}

function changeLobby(command: Of<'lobby.waiting' | 'lobby.decided'>, { state, nowMs }: ToldRoom): Outcome {
  if (command.type === 'lobby.waiting') {
    const { entry } = command;
    if (state.lobby.size >= LOBBY_SHOWN) return NOTHING;
    return outcome({
      changes: [{ thing: 'lobby', id: entry.lobbyEntryId, value: { entry, decision: null, atMs: nowMs } }],
      passing: [{ to: { kind: 'moderators' }, frame: { type: 'lobby.waiting', entry } }],
    });
  }
  const { lobbyEntryId, identity, decision, by } = command;
  const entry = state.lobby.get(lobbyEntryId)?.entry ?? null;
  const frame = { type: 'lobby.decided', lobbyEntryId, identity, decision, by } as const;
  return outcome({
    changes: [{ thing: 'lobby', id: lobbyEntryId, value: { entry, decision, atMs: nowMs } }],
    passing: [
      { to: { kind: 'moderators' }, frame },
      { to: { kind: 'waiting', lobbyEntryId }, frame },
    ],
    closing: [{ to: { kind: 'waiting', lobbyEntryId }, why: 'decided' }],
  });
}

const pass = (to: Audience, frame: Outcome['passing'][number]['frame']): Outcome =>
  outcome({ passing: [{ to, frame }] });

/** What follows from what a verb tells; that it is news was found out before. */
export function tell(command: Command, room: ToldRoom): Outcome {
  const { by } = command;
  switch (command.type) {
    case 'participant.role':
      return changeRole(command, room);
    case 'participant.removed':
      return remove(command, room);
    case 'participant.readmitted': {
      const value = { ...room.told(command.identity), removedAtMs: null };
      return outcome({ changes: [{ thing: 'told', id: command.identity, value, atMs: command.atMs }] });
    }
    case 'participant.moved': {
      const { toRoomId, ticket } = command;
      return pass(only(command.identity), { type: 'participant.moved', toRoomId, ticket, by });
    }
    case 'room.ended':
      return endRoom(command, room);
    case 'room.locked':
    case 'room.updated':
    case 'spotlight':
    case 'call.started':
    case 'call.ended':
      return changeFacts(command, room);
    case 'hands.lower':
      return lowerHands(command, room);
    case 'media.muted':
      return pass(only(command.identity), { type: 'media.muted', trackSid: command.trackSid, by });
    case 'lobby.waiting':
    case 'lobby.decided':
      return changeLobby(command, room);
    case 'poll.opened':
    case 'poll.updated':
    case 'poll.closed':
      return changePoll(command, room);
    case 'breakouts.opened':
    case 'breakouts.updated':
    case 'breakouts.closed': {
      const { type, breakouts } = command;
      const value = type === 'breakouts.closed' ? null : breakouts;
      return outcome({
        changes: [{ thing: 'breakouts', id: breakouts.breakoutId, value }],
        events: [{ type, breakouts }],
      });
    }
    case 'data':
      return pass(audience(command.to), { type: 'data', topic: command.topic, payload: command.payload, by });
    case 'notice': {
      const { level, code, text } = command;
      return pass(audience(command.to), { type: 'notice', level, code, text });
    }
  }
}
