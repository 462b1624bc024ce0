import { type PersonView, reduce, type Reducers, type RoomServerFrame } from './frames.ts';

export type Roster = ReadonlyMap<string, PersonView>;

const updatePerson = (roster: Roster, identity: string, part: Partial<PersonView>): Roster => {
  const person = roster.get(identity);
  return person ? new Map(roster).set(identity, { ...person, ...part }) : roster;
};

const removePerson = (roster: Roster, identity: string): Roster => {
  const rest = new Map(roster);
  rest.delete(identity);
  return rest;
};

const lowerAllHands = (roster: Roster): Roster =>
  new Map([...roster].map(([identity, person]) => [identity, { ...person, handRaisedAt: null }]));

const REDUCERS: Reducers<Roster> = {
  welcome: (_, { roster }) => new Map(roster.map((person) => [person.identity, person])),
  'presence.joined': (roster, { person }) => new Map(roster).set(person.identity, person),
  'presence.left': (roster, { identity }) => removePerson(roster, identity),
  'presence.updated': (roster, { identity, status }) => updatePerson(roster, identity, { status }),
  'participant.removed': (roster, { identity }) => removePerson(roster, identity),
  'participant.role': (roster, { identity, role }) => updatePerson(roster, identity, { role }),
  'hand.raised': (roster, { identity, at }) => updatePerson(roster, identity, { handRaisedAt: at }),
  'hand.lowered': (roster, { identity }) =>
    identity === null ? lowerAllHands(roster) : updatePerson(roster, identity, { handRaisedAt: null }),
};

/** The people in the room after one more frame. */
export const reduceRoster = (roster: Roster, frame: RoomServerFrame): Roster =>
  reduce(REDUCERS, roster, frame);
