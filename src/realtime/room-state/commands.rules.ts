import { changeCaptions } from './captions.rules.ts';
import type { ParsedLiveCommand, CommandContext } from './command-subject.rules.ts';
import { changeChat } from './chat-commands.rules.ts';
import { type Audience, NO_OUTCOME, type RoomOutcome, createOutcome } from './outcome.rules.ts';
import {
  changeFacts,
  changeRecording,
  changeRecordingConsent,
  changeStream,
} from './facts-commands.rules.ts';
import {
  changeRole,
  endCredential,
  endRoom,
  movePerson,
  recordEntry,
  removePerson,
} from './people-commands.rules.ts';

type CommandOf<T extends ParsedLiveCommand['type']> = Extract<ParsedLiveCommand, { type: T }>;

/** Closed polls that clients are still shown. */
const CLOSED_POLLS_KEPT = 20;
/** People waiting in the lobby that clients are shown; the API lists all of them. */
const MAX_LOBBY_SHOWN = 500;
/** Lobby decisions that are remembered, for people who reconnect after the decision. */
const MAX_LOBBY_DECISIONS = 1_000;
/** An entry is forgotten after this: longer than the half hour that it is valid without being renewed. */
const WAITING_EXPIRES_MS = 45 * 60_000;

const ALL: Audience = { kind: 'all' };
const toIdentities = (...identities: string[]): Audience => ({ kind: 'identities', identities });
const audienceOf = (to: string[] | null): Audience => (to === null ? ALL : toIdentities(...to));

function lowerHands({ identity, by }: CommandOf<'hands.lower'>, { state }: CommandContext): RoomOutcome {
  const raised = [...state.people.values()].filter(
    (person) => person.handRaisedAt !== null && (identity === null || person.identity === identity),
  );
  if (raised.length === 0) return NO_OUTCOME;
  return createOutcome({
    changes: raised.map((person) => ({
      record: 'person',
      id: person.identity,
      value: { ...person, handRaisedAt: null },
    })),
    events: [{ type: 'hand.lowered', identity, by }],
  });
}

function changePoll(
  { type, poll }: CommandOf<`poll.${string}` & ParsedLiveCommand['type']>,
  { state }: CommandContext,
): RoomOutcome {
  const closed = [...state.polls.values()]
    .filter(({ status, pollId }) => status === 'closed' && pollId !== poll.pollId)
    .sort((a, b) => (a.openedAt < b.openedAt ? 1 : -1));
  return createOutcome({
    changes: [
      { record: 'poll', id: poll.pollId, value: poll },
      ...closed
        .slice(CLOSED_POLLS_KEPT)
        .map(({ pollId }) => ({ record: 'poll', id: pollId, value: null }) as const),
    ],
    events: [{ type, poll }],
  });
}

/** Adds or renews an entry. Only undecided, unexpired entries count towards the limit. */
function addToLobby({ entry }: CommandOf<'lobby.waiting'>, { state, nowMs }: CommandContext): RoomOutcome {
  const { lobbyEntryId: id } = entry;
  const existing = state.lobby.get(id);
  if (existing && existing.decision !== null) return NO_OUTCOME;
  const value = { entry, decision: null, atMs: nowMs };
  const change = { record: 'lobby', id, value } as const;
  if (existing) return createOutcome({ changes: [change] });
  const undecided = [...state.lobby].filter(([, { decision }]) => decision === null);
  const expired = undecided.filter(([, { atMs }]) => atMs < nowMs - WAITING_EXPIRES_MS);
  const changes: RoomOutcome['changes'] = expired.map(([each]) => ({
    record: 'lobby',
    id: each,
    value: null,
  }));
  if (undecided.length - expired.length >= MAX_LOBBY_SHOWN) return createOutcome({ changes });
  return createOutcome({
    changes: [...changes, change],
    transient: [{ to: { kind: 'moderators' }, frame: { type: 'lobby.waiting', entry } }],
  });
}

function recordLobbyDecision(
  command: CommandOf<'lobby.decided'>,
  { state, nowMs }: CommandContext,
): RoomOutcome {
  const { lobbyEntryId, identity, decision, by } = command;
  const entry = state.lobby.get(lobbyEntryId)?.entry ?? null;
  const decidedEntries = [...state.lobby].filter(
    ([id, each]) => each.decision !== null && id !== lobbyEntryId,
  );
  const forgotten = decidedEntries.slice(0, Math.max(0, decidedEntries.length - MAX_LOBBY_DECISIONS + 1));
  const frame = { type: 'lobby.decided', lobbyEntryId, identity, decision, by } as const;
  return createOutcome({
    changes: [
      { record: 'lobby', id: lobbyEntryId, value: { entry, decision, atMs: nowMs } },
      ...forgotten.map(([id]) => ({ record: 'lobby', id, value: null }) as const),
    ],
    transient: [
      { to: { kind: 'moderators' }, frame },
      { to: { kind: 'waiting', lobbyEntryId }, frame },
    ],
    closes: [{ to: { kind: 'waiting', lobbyEntryId }, closeName: 'decided' }],
  });
}

const transientOutcome = (to: Audience, frame: RoomOutcome['transient'][number]['frame']): RoomOutcome =>
  createOutcome({ transient: [{ to, frame }] });

/** The outcome of a command. The caller has already checked that it is neither repeated nor outdated. */
export function decideCommand(command: ParsedLiveCommand, room: CommandContext): RoomOutcome {
  const { by } = command;
  switch (command.type) {
    case 'participant.role':
      return changeRole(command, room);
    case 'participant.removed':
      return removePerson(command, room);
    case 'participant.readmitted': {
      const value = { ...room.decisionsAbout(command.identity), removedAtMs: null };
      return createOutcome({
        changes: [{ record: 'decisions', id: command.identity, value, atMs: command.atMs }],
      });
    }
    case 'credential.ended':
      return endCredential(command);
    case 'participant.moved':
      return movePerson(command, room);
    case 'participant.entered':
      return recordEntry(command, room);
    case 'room.ended':
      return endRoom(command, room);
    case 'room.locked':
    case 'room.updated':
    case 'spotlight':
    case 'call.started':
    case 'call.ended':
      return changeFacts(command, room);
    case 'recording.running':
    case 'recording.over':
      return changeRecording(command, room);
    case 'recording.consent':
      return changeRecordingConsent(command, room);
    case 'stream.running':
    case 'stream.over':
      return changeStream(command, room);
    case 'captions.running':
    case 'captions.over':
      return changeCaptions(command, room);
    case 'hands.lower':
      return lowerHands(command, room);
    case 'media.muted':
      return transientOutcome(toIdentities(command.identity), {
        type: 'media.muted',
        trackSid: command.trackSid,
        by,
      });
    case 'media.recommended': {
      const { type, identity, recommendation } = command;
      return transientOutcome(toIdentities(identity), { type, recommendation });
    }
    case 'lobby.waiting':
      return addToLobby(command, room);
    case 'lobby.decided':
      return recordLobbyDecision(command, room);
    case 'poll.opened':
    case 'poll.updated':
    case 'poll.closed':
      return changePoll(command, room);
    case 'breakouts.opened':
    case 'breakouts.updated':
    case 'breakouts.closed': {
      const { type, breakouts } = command;
      const value = type === 'breakouts.closed' ? null : breakouts;
      return createOutcome({
        changes: [{ record: 'breakouts', id: breakouts.breakoutId, value }],
        events: [{ type, breakouts }],
      });
    }
    case 'chat.post':
    case 'chat.delete':
      return changeChat(command, room);
    case 'moderation.review': {
      const { type, reviewId, subject, state } = command;
      return transientOutcome({ kind: 'moderators' }, { type, reviewId, subject, state });
    }
    case 'data':
      return transientOutcome(audienceOf(command.to), {
        type: 'data',
        topic: command.topic,
        payload: command.payload,
        by,
      });
    case 'notice': {
      const { level, code, text } = command;
      return transientOutcome(audienceOf(command.to), { type: 'notice', level, code, text });
    }
  }
}
