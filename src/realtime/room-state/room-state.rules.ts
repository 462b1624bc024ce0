import type {
  Features,
  LiveBreakouts,
  LiveLobbyEntry,
  LivePoll,
  PersonView,
  RoomRole,
  RoomTicketClaims,
  StateView,
} from '../protocol/index.ts';

type PersonClaims = Omit<RoomTicketClaims, 'organizationId' | 'roomId' | 'lobbyEntryId'>;

/** Somebody who is, or was, in the room. `role` is the one that counts, whatever the ticket says. */
export interface LivePerson extends PersonClaims {
  /** Of the newest ticket they came with. */
  issuedAtMs: number;
  sinceMs: number;
  status: 'active' | 'away';
  handRaisedAt: string | null;
  /** When this stay began, ISO 8601; null while they are not here. */
  joinedAt: string | null;
  seenAtMs: number;
  readSeq: number;
}

/** What verbs have told about somebody: it stands against every ticket that was issued before. */
export interface PersonDecisions {
  role: RoomRole | null;
  roleAtMs: number;
  removedAtMs: number | null;
}

/** What is true of the room as a whole. */
export interface RoomFacts {
  name: string | null;
  /** Switched by a verb, for everybody. */
  features: Partial<Features>;
  locked: boolean;
  spotlight: string | null;
  call: { callId: string; startedAt: string } | null;
  /** Tickets issued until then open nothing. */
  endedAtMs: number | null;
}

export type LiveLobbyDecision = 'admitted' | 'denied' | 'cancelled' | 'expired';

export interface LobbyRecord {
  /** Null while nobody has told of it yet. */
  entry: LiveLobbyEntry | null;
  decision: LiveLobbyDecision | null;
  atMs: number;
}

/** The room as it is now. `people` are those who are here. */
export interface RoomState {
  readonly facts: RoomFacts;
  readonly people: ReadonlyMap<string, LivePerson>;
  readonly polls: ReadonlyMap<string, LivePoll>;
  readonly breakouts: ReadonlyMap<string, LiveBreakouts>;
  readonly lobby: ReadonlyMap<string, LobbyRecord>;
}

/** One record of the state as it is from now on; null for none. */
export type RoomStateChange =
  | { record: 'facts'; value: RoomFacts }
  | { record: 'person'; id: string; value: LivePerson }
  | { record: 'decisions'; id: string; value: PersonDecisions; atMs: number }
  | { record: 'poll'; id: string; value: LivePoll | null }
  | { record: 'breakouts'; id: string; value: LiveBreakouts | null }
  | { record: 'lobby'; id: string; value: LobbyRecord | null };

export const EMPTY_FACTS: RoomFacts = {
  name: null,
  features: {},
  locked: false,
  spotlight: null,
  call: null,
  endedAtMs: null,
};
export const NO_DECISIONS: PersonDecisions = { role: null, roleAtMs: 0, removedAtMs: null };

/** An observer is not shown to the others. */
export const isHidden = ({ role }: { role: RoomRole }): boolean => role === 'observer';
export const hasModeratorRole = (person: { role: RoomRole } | undefined): boolean =>
  person?.role === 'host' || person?.role === 'moderator';

/** Whether somebody may use a feature: as their ticket says, unless it was switched off for everybody. */
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

export const isInRoom = (person: LivePerson | undefined): person is LivePerson & { joinedAt: string } =>
  person !== undefined && person.joinedAt !== null;

/** Those who are shown, in the order they came. */
export function rosterView({ people }: RoomState): PersonView[] {
  return [...people.values()]
    .filter(isInRoom)
    .filter((person) => !isHidden(person))
    .map(personView)
    .sort((a, b) => (a.joinedAt < b.joinedAt ? -1 : 1));
}

export function stateView({ facts, polls, breakouts }: RoomState): StateView {
  const { name, locked, features, spotlight, call } = facts;
  return {
    name,
    locked,
    features,
    spotlight,
    call,
    polls: [...polls.values()].sort((a, b) => (a.openedAt < b.openedAt ? -1 : 1)),
    breakouts: [...breakouts.values()],
  };
}

/** Who waits, for those who may let them in. */
export function lobbyView({ lobby }: RoomState, person: LivePerson): LiveLobbyEntry[] | null {
  if (!hasModeratorRole(person)) return null;
  return [...lobby.values()].flatMap(({ entry, decision }) => (entry && !decision ? [entry] : []));
}

export function youView(person: LivePerson, { facts }: RoomState) {
  const { identity, name, role, participantId, readSeq } = person;
  return { identity, name, role, participantId, features: allowedFeatures(person, facts), readSeq };
}
