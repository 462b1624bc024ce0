import { byId, fromTemplate, queryWithin, setHidden, setText } from '../dom.ts';
import { isGuest } from '../texts.ts';
import { listenForConfirmed } from './confirm-button.ts';
import { KeyedList } from './keyed-list.ts';
import type { LobbyList, WaitingPerson } from './lobby-list.ts';
import type { ListedPerson } from './people.ts';
import type { RoomFlags } from './room-flags.ts';

const ROLES: Readonly<Record<string, string>> = {
  host: 'Host',
  moderator: 'Moderator',
  viewer: 'Viewer',
  agent: 'Assistant',
};

/** Sends a frame of a moderator. */
export type SendFrame = (frame: Record<string, unknown>) => void;

export interface PeopleState {
  people: readonly ListedPerson[];
  lobby: LobbyList;
  flags: RoomFlags;
  self: string;
  isModerator: boolean;
}

const buttonIn = (item: HTMLElement, name: string) => queryWithin(item, `.${name}`, HTMLButtonElement);

/** The list of people in the call and in the lobby, with what moderators can do. */
export class PeopleView {
  readonly #people: KeyedList<ListedPerson>;
  readonly #lobby: KeyedList<WaitingPerson>;
  readonly #send: SendFrame;
  #state: PeopleState | undefined;

  constructor(send: SendFrame) {
    this.#send = send;
    this.#people = new KeyedList<ListedPerson>(
      byId('people', HTMLUListElement),
      ({ identity }) => this.#makePerson(identity),
      (item, person) => this.#showPerson(item, person),
    );
    this.#lobby = new KeyedList<WaitingPerson>(
      byId('lobby-people', HTMLUListElement),
      (entry) => this.#makeWaiting(entry),
      (item, { name, identity }) => {
        setText(queryWithin(item, '.name', HTMLElement), name);
        setHidden(queryWithin(item, '.guest', HTMLElement), !isGuest(identity));
      },
    );
    this.#listenToRoomButtons();
  }

  show(state: PeopleState): void {
    this.#state = state;
    const { people, lobby, flags, isModerator } = state;
    setHidden(byId('moderation', HTMLElement), !isModerator);
    setHidden(byId('lobby-section', HTMLElement), lobby.size === 0);
    setText(byId('lock-room', HTMLButtonElement), flags.locked ? 'Unlock call' : 'Lock call');
    this.#lobby.sync(lobby);
    this.#people.sync(new Map(people.map((person) => [person.identity, person])));
    const label = queryWithin(byId('toggle-people', HTMLButtonElement), 'span', HTMLElement);
    const waiting = lobby.size > 0 ? ` · ${lobby.size} waiting` : '';
    setText(label, people.length > 0 ? `People (${people.length})${waiting}` : 'People');
    byId('toggle-people', HTMLButtonElement).classList.toggle('unread', lobby.size > 0);
  }

  #listenToRoomButtons(): void {
    const button = (id: string) => byId(id, HTMLButtonElement);
    button('mute-all').addEventListener('click', () => this.#send({ type: 'moderation.mute_all' }));
    button('lower-hands').addEventListener('click', () =>
      this.#send({ type: 'moderation.lower_hands', participantId: null }),
    );
    button('lock-room').addEventListener('click', () =>
      this.#send({ type: 'room.lock', locked: !this.#state?.flags.locked }),
    );
    button('admit-all').addEventListener('click', () => this.#send({ type: 'lobby.admit_all' }));
    listenForConfirmed(button('end-room'), () => this.#send({ type: 'room.end' }));
  }

  #makeWaiting({ lobbyEntryId }: WaitingPerson): HTMLElement {
    const item = fromTemplate('waiting-template');
    buttonIn(item, 'admit').addEventListener('click', () =>
      this.#send({ type: 'lobby.admit', lobbyEntryId }),
    );
    buttonIn(item, 'deny').addEventListener('click', () => this.#send({ type: 'lobby.deny', lobbyEntryId }));
    return item;
  }

  #makePerson(identity: string): HTMLElement {
    const item = fromTemplate('person-template');
    const send = (type: string, fields: Record<string, unknown> = {}) => {
      const person = this.#state?.people.find((each) => each.identity === identity);
      if (person?.participantId) this.#send({ type, participantId: person.participantId, ...fields });
    };
    buttonIn(item, 'mute').addEventListener('click', () => send('moderation.mute'));
    buttonIn(item, 'lower').addEventListener('click', () => send('moderation.lower_hands'));
    buttonIn(item, 'spotlight').addEventListener('click', () => {
      const shown = this.#state?.flags.spotlight === identity;
      send('moderation.spotlight', shown ? { participantId: null } : {});
    });
    listenForConfirmed(buttonIn(item, 'remove'), () => send('moderation.remove'));
    return item;
  }

  #showPerson(item: HTMLElement, person: ListedPerson): void {
    const { identity, name, role, away, handRaisedAt, participantId } = person;
    const { flags, self, isModerator } = this.#state!;
    const isSelf = identity === self;
    setText(queryWithin(item, '.name', HTMLElement), name);
    setText(queryWithin(item, '.suffix', HTMLElement), isSelf ? ' (you)' : '');
    const inSpotlight = flags.spotlight === identity;
    const tags = [
      handRaisedAt && 'Hand raised',
      role && ROLES[role],
      isGuest(identity) && 'Guest',
      inSpotlight && 'In the spotlight',
      away && 'Away',
    ];
    setText(queryWithin(item, '.tags', HTMLElement), tags.filter(Boolean).join(' · '));
    setHidden(queryWithin(item, '.actions', HTMLElement), !isModerator || participantId === null);
    setHidden(buttonIn(item, 'mute'), isSelf);
    setHidden(buttonIn(item, 'remove'), isSelf);
    setHidden(buttonIn(item, 'lower'), handRaisedAt === null);
    setText(buttonIn(item, 'spotlight'), inSpotlight ? 'End spotlight' : 'Spotlight');
    queryWithin(item, '.actions', HTMLElement).setAttribute('aria-label', `Actions for ${name}`);
  }
}
