import { byId, fromTemplate, setText, within } from './dom.ts';
import type { Roster } from './roster.ts';

const ROLES: Readonly<Record<string, string>> = {
  host: 'Host',
  moderator: 'Moderator',
  viewer: 'Watching',
  agent: 'Assistant',
};

/** Raised hands first, in the order they went up; then by name. */
const inOrder = (roster: Roster) =>
  [...roster.values()].sort(
    (a, b) => (a.handRaisedAt ?? '~').localeCompare(b.handRaisedAt ?? '~') || a.name.localeCompare(b.name),
  );

/** The list of who is there. */
export function showPeople(roster: Roster, self: string): void {
  const items = inOrder(roster).map(({ identity, name, role, handRaisedAt, status }) => {
    const item = fromTemplate('person-template');
    setText(within(item, '.name', HTMLElement), identity === self ? `${name} (you)` : name);
    const tags = [handRaisedAt && 'Hand raised', ROLES[role], status === 'away' && 'Away'];
    setText(within(item, '.tags', HTMLElement), tags.filter(Boolean).join(' · '));
    return item;
  });
  byId('people', HTMLUListElement).replaceChildren(...items);
  const label = within(byId('toggle-people', HTMLButtonElement), 'span', HTMLElement);
  setText(label, roster.size > 0 ? `People (${roster.size})` : 'People');
}
