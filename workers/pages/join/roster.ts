import type { PersonView, ServerFrame } from './frames.ts';

export type Roster = ReadonlyMap<string, PersonView>;

const change = (roster: Roster, identity: string, part: Partial<PersonView>): Roster => {
  const person = roster.get(identity);
  return person ? new Map(roster).set(identity, { ...person, ...part }) : roster;
};

const without = (roster: Roster, identity: string): Roster => {
  const rest = new Map(roster);
  rest.delete(identity);
  return rest;
};

const lowered = (roster: Roster): Roster =>
  new Map([...roster].map(([identity, person]) => [identity, { ...person, handRaisedAt: null }]));

/** Who is in the room, after one more frame. */
export function rosterAfter(roster: Roster, frame: ServerFrame): Roster {
  switch (frame.type) {
    case 'welcome':
      return new Map(frame.roster.map((person) => [person.identity, person]));
    case 'presence.joined':
      return new Map(roster).set(frame.person.identity, frame.person);
    case 'presence.left':
    case 'participant.removed':
      return without(roster, frame.identity);
    case 'presence.updated':
      return change(roster, frame.identity, { status: frame.status });
    case 'participant.role':
      return change(roster, frame.identity, { role: frame.role });
    case 'hand.raised':
      return change(roster, frame.identity, { handRaisedAt: frame.at });
    case 'hand.lowered':
      return frame.identity === null
        ? lowered(roster)
        : change(roster, frame.identity, { handRaisedAt: null });
    default:
      return roster;
  }
}
