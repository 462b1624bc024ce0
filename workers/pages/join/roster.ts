import { type PersonView, reduce, type Reducers, type ServerFrame } from './frames.ts';

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

const REDUCERS: Reducers<Roster> = {
  welcome: (_, { roster }) => new Map(roster.map((person) => [person.identity, person])),
  'presence.joined': (roster, { person }) => new Map(roster).set(person.identity, person),
  'presence.left': (roster, { identity }) => without(roster, identity),
  'presence.updated': (roster, { identity, status }) => change(roster, identity, { status }),
  'participant.removed': (roster, { identity }) => without(roster, identity),
  'participant.role': (roster, { identity, role }) => change(roster, identity, { role }),
  'hand.raised': (roster, { identity, at }) => change(roster, identity, { handRaisedAt: at }),
  'hand.lowered': (roster, { identity }) =>
    identity === null ? lowered(roster) : change(roster, identity, { handRaisedAt: null }),
};

/** Who is in the room, after one more frame. */
export const rosterAfter = (roster: Roster, frame: ServerFrame): Roster => reduce(REDUCERS, roster, frame);
