import type { Command, ToldRoom } from './command.rules.ts';
import { type Outcome, outcome } from './outcome.rules.ts';
import { isHere, isHidden, type Person, personView } from './state.rules.ts';

type Of<T extends Command['type']> = Extract<Command, { type: T }>;

const AWAY = { joinedAt: null, handRaisedAt: null };

/** Shown, hidden, or changed before everybody's eyes, when the role of somebody who is here changes. */
export function roleEvents(before: Person, after: Person, by: string | null): Outcome['events'] {
  if (!isHere(after) || before.role === after.role) return [];
  const { identity, role } = after;
  if (isHidden(before) && !isHidden(after)) return [{ type: 'presence.joined', person: personView(after) }];
  if (!isHidden(before) && isHidden(after)) return [{ type: 'presence.left', identity }];
  return [{ type: 'participant.role', identity, role, by }];
}

/** Counts from the next frame on, whatever tickets from before say. */
export function changeRole({ identity, role, by, atMs }: Of<'participant.role'>, room: ToldRoom): Outcome {
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

/** Gone, for everybody, from this moment on; a spotlight does not shine on who is not there. */
export function remove({ identity, reason, by, atMs }: Of<'participant.removed'>, room: ToldRoom): Outcome {
  const { facts } = room.state;
  const person = room.person(identity);
  const changes: Outcome['changes'] = [
    { thing: 'told', id: identity, value: { ...room.told(identity), removedAtMs: atMs }, atMs },
  ];
  const events: Outcome['events'] = [];
  if (person) changes.push({ thing: 'person', id: identity, value: { ...person, ...AWAY } });
  if (isHere(person) && !isHidden(person)) events.push({ type: 'participant.removed', identity, reason, by });
  if (facts.spotlight === identity) {
    changes.push({ thing: 'facts', value: { ...facts, spotlight: null } });
    events.push({ type: 'spotlight.changed', identity: null, by });
  }
  return outcome({ changes, events, closing: [{ to: { kind: 'sockets', identity }, why: 'removed' }] });
}

export function endRoom({ reason, by, atMs }: Of<'room.ended'>, { state }: ToldRoom): Outcome {
  const here = [...state.people.values()].map((person) => ({ ...person, ...AWAY }));
  return outcome({
    changes: [
      { thing: 'facts', value: { ...state.facts, endedAtMs: atMs, spotlight: null, call: null } },
      ...here.map((value) => ({ thing: 'person', id: value.identity, value }) as const),
    ],
    events: [{ type: 'room.ended', reason, by }],
    closing: [{ to: { kind: 'everyone' }, why: 'roomEnded' }],
  });
}
