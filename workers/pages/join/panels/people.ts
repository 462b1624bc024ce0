import type { PersonView } from '../frames.ts';
import type { Roster } from '../roster.ts';

export interface ListedPerson extends Pick<PersonView, 'identity' | 'name' | 'handRaisedAt'> {
  role: string | undefined;
  away: boolean;
  /** Null until it is known: nothing can be done about them before. */
  participantId: string | null;
}

/** A person as the API lists them. */
export type KnownPerson = Pick<ListedPerson, 'identity' | 'participantId'> & { role: string };

const compareHands = (a: ListedPerson, b: ListedPerson): number => {
  if (a.handRaisedAt === b.handRaisedAt) return 0;
  if (a.handRaisedAt === null || b.handRaisedAt === null) return a.handRaisedAt === null ? 1 : -1;
  return a.handRaisedAt < b.handRaisedAt ? -1 : 1;
};

/**
 * Everybody in the call: people with a socket, and people with media only. Raised hands first, in the order in which
 * they were raised; then by name.
 * @param media names of the participants with a media connection, by identity
 * @param known what the API says of those who have no socket
 */
export function listPeople(
  roster: Roster,
  media: ReadonlyMap<string, string>,
  known: readonly KnownPerson[] = [],
): ListedPerson[] {
  const knownBy = new Map(known.map((person) => [person.identity, person]));
  const live = [...roster.values()].map(({ identity, name, role, status, handRaisedAt, participantId }) => ({
    identity,
    name,
    role,
    away: status === 'away',
    handRaisedAt,
    participantId,
  }));
  const silent = [...media]
    .filter(([identity]) => !roster.has(identity))
    .map(([identity, name]) => ({
      identity,
      name,
      role: knownBy.get(identity)?.role,
      away: false,
      handRaisedAt: null,
      participantId: knownBy.get(identity)?.participantId ?? null,
    }));
  return [...live, ...silent].sort((a, b) => compareHands(a, b) || a.name.localeCompare(b.name));
}
