import type { Command, ToldRoom } from './command.rules.ts';
import { type Audience, NOTHING, type Outcome, outcome } from './outcome.rules.ts';
import { changeRole, endRoom, remove } from './tell-people.rules.ts';

type Of<T extends Command['type']> = Extract<Command, { type: T }>;

/** As many closed polls stay to be seen. */
const CLOSED_POLLS_KEPT = 20;
/** As many who wait are shown; the rest is in the list of the API. */
const LOBBY_SHOWN = 500;
/** As many decisions are remembered, for who asks for theirs only then. */
const DECIDED_KEPT = 1_000;
/** A little more than the half hour that an entry of the lobby waits, unless it is told of again. */
const WAITING_MS = 45 * 60_000;

const ALL: Audience = { kind: 'all' };
const only = (...identities: string[]): Audience => ({ kind: 'identities', identities });
const audience = (to: string[] | null): Audience => (to === null ? ALL : only(...to));

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
      // The newest call is the one that goes on, in whatever order they are told of.
      if (facts.call && facts.call.startedAt >= startedAt) return NOTHING;
      return to({ ...facts, call: { callId, startedAt } }, { type: 'call.started', callId, startedAt });
    }
    case 'call.ended': {
      const { callId, endedAt } = command;
      const over = facts.call?.callId === callId ? { call: null, spotlight: null } : {};
      return to({ ...facts, ...over }, { type: 'call.ended', callId, endedAt });
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

/** Who waits counts, neither who was decided about nor who has not asked again in time. */
function waitInLobby({ entry }: Of<'lobby.waiting'>, { state, nowMs }: ToldRoom): Outcome {
  const { lobbyEntryId: id } = entry;
  const known = state.lobby.get(id);
  if (known && known.decision !== null) return NOTHING;
  const value = { entry, decision: null, atMs: nowMs };
  const change = { thing: 'lobby', id, value } as const;
  if (known) return outcome({ changes: [change] });
  const undecided = [...state.lobby].filter(([, { decision }]) => decision === null);
  const gone = undecided.filter(([, { atMs }]) => atMs < nowMs - WAITING_MS);
  const changes: Outcome['changes'] = gone.map(([each]) => ({ thing: 'lobby', id: each, value: null }));
  if (undecided.length - gone.length >= LOBBY_SHOWN) return outcome({ changes });
  return outcome({
    changes: [...changes, change],
    passing: [{ to: { kind: 'moderators' }, frame: { type: 'lobby.waiting', entry } }],
  });
}

function decideInLobby(command: Of<'lobby.decided'>, { state, nowMs }: ToldRoom): Outcome {
  const { lobbyEntryId, identity, decision, by } = command;
  const entry = state.lobby.get(lobbyEntryId)?.entry ?? null;
  const decided = [...state.lobby].filter(([id, each]) => each.decision !== null && id !== lobbyEntryId);
  const forgotten = decided.slice(0, Math.max(0, decided.length - DECIDED_KEPT + 1));
  const frame = { type: 'lobby.decided', lobbyEntryId, identity, decision, by } as const;
  return outcome({
    changes: [
      { thing: 'lobby', id: lobbyEntryId, value: { entry, decision, atMs: nowMs } },
      ...forgotten.map(([id]) => ({ thing: 'lobby', id, value: null }) as const),
    ],
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
      return waitInLobby(command, room);
    case 'lobby.decided':
      return decideInLobby(command, room);
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
