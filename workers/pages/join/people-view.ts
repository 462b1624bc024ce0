import { byId, fromTemplate, setText, queryWithin } from './dom.ts';
import type { Roster } from './roster.ts';

const ROLES: Readonly<Record<string, string>> = {
  host: 'Host',
  moderator: 'Moderator',
  viewer: 'Viewer',
  agent: 'Assistant',
};

/** Participants with a raised hand first, in the order in which they raised it; then by name. */
const sortPeople = (roster: Roster) =>
  [...roster.values()].sort(
    (a, b) => (a.handRaisedAt ?? '~').localeCompare(b.handRaisedAt ?? '~') || a.name.localeCompare(b.name),
  );

/** Shows the list of people in the room. */
export function showPeople(roster: Roster, self: string): void {
  const items = sortPeople(roster).map(({ identity, name, role, handRaisedAt, status }) => {
    const item = fromTemplate('person-template');
    setText(queryWithin(item, '.name', HTMLElement), identity === self ? `${name} (you)` : name);
    const tags = [handRaisedAt && 'Hand raised', ROLES[role], status === 'away' && 'Away'];
    setText(queryWithin(item, '.tags', HTMLElement), tags.filter(Boolean).join(' · '));
    return item;
  });
  byId('people', HTMLUListElement).replaceChildren(...items);
  const label = queryWithin(byId('toggle-people', HTMLButtonElement), 'span', HTMLElement);
  setText(label, roster.size > 0 ? `People (${roster.size})` : 'People');
}
