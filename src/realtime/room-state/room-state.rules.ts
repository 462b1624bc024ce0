import { ROOM_TICKET_SECONDS } from '../protocol/index.ts';
import type {
  Features,
  LiveCaptions,
  LiveBreakouts,
  LiveLobbyEntry,
  LivePoll,
  LiveRecording,
  LiveRecordingConsent,
  LiveStream,
  PersonView,
  RoomRole,
  RoomTicketClaims,
  StateView,
} from '../protocol/index.ts';

type PersonClaims = Omit<RoomTicketClaims, 'organizationId' | 'roomId' | 'lobbyEntryId' | 'credential'>;

/** A person who is or was in the room. `role` is their present role, which may differ from the ticket's. */
export interface LivePerson extends PersonClaims {
  /** When the newest ticket they connected with was issued. */
  issuedAtMs: number;
  sinceMs: number;
  status: 'active' | 'away';
  handRaisedAt: string | null;
  /** When they joined, ISO 8601; null while they are not in the room. */
  joinedAt: string | null;
  seenAtMs: number;
  readSeq: number;
  /** The language that they ask captions to be translated to; null or absent for none. */
  captionLanguage?: string | null;
  /** The spoken language that they listen to; null or absent for none. */
  spokenLanguage?: string | null;
}

/** A move that the person has not followed yet. */
export interface PendingMove {
  toRoomId: string;
  ticket: string | null;
  by: string | null;
  atMs: number;
}

/** Decisions of verbs about a person; they override every ticket issued before. */
export interface PersonDecisions {
  role: RoomRole | null;
  roleAtMs: number;
  removedAtMs: number | null;
  /** Absent in rooms that were stored before moves were. */
  move?: PendingMove | null;
}

/** Facts about the room as a whole. */
export interface RoomFacts {
  name: string | null;
  /** Features that a verb switched on or off for everybody. */
  features: Partial<Features>;
  locked: boolean;
  spotlight: string | null;
  call: { callId: string; startedAt: string } | null;
  recordings: readonly LiveRecording[];
  /** Consents to recordings of one call. Absent in rooms that were stored before consents existed. */
  recordingConsents?: { callId: string; people: readonly LiveRecordingConsent[] };
  /** Absent in rooms that were stored before live streams were. */
  streams?: readonly LiveStream[];
  /** Absent while there are none. */
  captions?: LiveCaptions | undefined;
  /** When the room ended; tickets issued before open no socket. */
  endedAtMs: number | null;
}

export type LiveLobbyDecision = 'admitted' | 'denied' | 'cancelled' | 'expired';

export interface LobbyRecord {
  /** Null while only the decision is known. */
  entry: LiveLobbyEntry | null;
  decision: LiveLobbyDecision | null;
  atMs: number;
}

/** The present state of the room. `people` are those who are in it. */
export interface RoomState {
  readonly facts: RoomFacts;
  readonly people: ReadonlyMap<string, LivePerson>;
  readonly polls: ReadonlyMap<string, LivePoll>;
  readonly breakouts: ReadonlyMap<string, LiveBreakouts>;
  readonly lobby: ReadonlyMap<string, LobbyRecord>;
}

/** A new value of one record of the state; null deletes it. */
export type RoomStateChange =
  | { record: 'facts'; value: RoomFacts }
  | { record: 'person'; id: string; value: LivePerson }
  | { record: 'decisions'; id: string; value: PersonDecisions; atMs: number }
  /** A credential that has ended, or `unknownCredentialOf` a person. */
  | { record: 'endedCredential'; id: string; atMs: number }
  | { record: 'poll'; id: string; value: LivePoll | null }
  | { record: 'breakouts'; id: string; value: LiveBreakouts | null }
  | { record: 'lobby'; id: string; value: LobbyRecord | null };

/** Stands for what the tickets of a person rest on that do not say it. The text is stored. */
export const unknownCredentialOf = (userId: string): string => `unknown/${userId}`;

export const EMPTY_FACTS: RoomFacts = {
  name: null,
  features: {},
  locked: false,
  spotlight: null,
  call: null,
  recordings: [],
  endedAtMs: null,
};
export const NO_DECISIONS: PersonDecisions = { role: null, roleAtMs: 0, removedAtMs: null };

/** An observer is not shown to the others. */
export const isHidden = ({ role }: { role: RoomRole }): boolean => role === 'observer';
export const hasModeratorRole = (person: { role: RoomRole } | undefined): boolean =>
  person?.role === 'host' || person?.role === 'moderator';

/** Whether a person may use a feature: their ticket has it, and it is not switched off for everybody. */
export const canUseFeature = ({ features }: LivePerson, facts: RoomFacts, name: keyof Features): boolean =>
  features[name] && facts.features[name] !== false;

export function allowedFeatures(person: LivePerson, facts: RoomFacts): Features {
  const isAllowed = (name: keyof Features) => canUseFeature(person, facts, name);
  return {
    chat: isAllowed('chat'),
    files: isAllowed('files'),
    captions: isAllowed('captions'),
    screenShare: isAllowed('screenShare'),
    recording: isAllowed('recording'),
  };
}

export function personView(person: LivePerson & { joinedAt: string }): PersonView {
  const { identity, name, role, kind, participantId, status, handRaisedAt, joinedAt } = person;
  return { identity, name, role, kind, participantId, status, handRaisedAt, joinedAt };
}

/** How long a moved person can follow: as long as the ticket of the move is valid. */
const MOVE_LASTS_MS = ROOM_TICKET_SECONDS * 1000;

/** The move that a person has yet to follow; null for none, and when they came back with a newer ticket since. */
export function pendingMoveOf(
  { issuedAtMs }: Pick<LivePerson, 'issuedAtMs'>,
  { move }: PersonDecisions,
  nowMs: number,
): PendingMove | null {
  if (!move || issuedAtMs > move.atMs || nowMs >= move.atMs + MOVE_LASTS_MS) return null;
  return move;
}

export const isInRoom = (person: LivePerson | undefined): person is LivePerson & { joinedAt: string } =>
  person !== undefined && person.joinedAt !== null;

/** The visible people in the room, in the order they joined. */
export function rosterView({ people }: RoomState): PersonView[] {
  return [...people.values()]
    .filter(isInRoom)
    .filter((person) => !isHidden(person))
    .map(personView)
    .sort((a, b) => (a.joinedAt < b.joinedAt ? -1 : 1));
}

export function stateView({ facts, polls, breakouts }: RoomState): StateView {
  const { name, locked, features, spotlight, call, recordings, recordingConsents } = facts;
  return {
    name,
    locked,
    features,
    spotlight,
    call,
    recordings: [...recordings],
    recordingConsents:
      recordingConsents?.callId === call?.callId ? [...(recordingConsents?.people ?? [])] : [],
    streams: [...(facts.streams ?? [])],
    captions: facts.captions ?? null,
    polls: [...polls.values()].sort((a, b) => (a.openedAt < b.openedAt ? -1 : 1)),
    breakouts: [...breakouts.values()],
  };
}

/** The people waiting in the lobby, for hosts and moderators; null for everybody else. */
export function lobbyView({ lobby }: RoomState, person: LivePerson): LiveLobbyEntry[] | null {
  if (!hasModeratorRole(person)) return null;
  return [...lobby.values()].flatMap(({ entry, decision }) => (entry && !decision ? [entry] : []));
}

export function youView(person: LivePerson, { facts }: RoomState) {
  const { identity, name, role, participantId, readSeq } = person;
  return { identity, name, role, participantId, features: allowedFeatures(person, facts), readSeq };
}
