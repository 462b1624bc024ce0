import { type FrameOf, reduce, type Reducers, type RoomServerFrame } from '../frames.ts';

export type WaitingPerson = FrameOf<'lobby.waiting'>['entry'];

/** The people in the lobby, by the id of their entry; empty for all but hosts and moderators. */
export type LobbyList = ReadonlyMap<string, WaitingPerson>;

const replace = (_: LobbyList, { lobby }: { lobby: readonly WaitingPerson[] | null }): LobbyList =>
  new Map((lobby ?? []).map((entry) => [entry.lobbyEntryId, entry]));

const REDUCERS: Reducers<LobbyList> = {
  welcome: replace,
  resumed: replace,
  you: replace,
  'lobby.waiting': (list, { entry }) => new Map(list).set(entry.lobbyEntryId, entry),
  'lobby.decided': (list, { lobbyEntryId }) => new Map([...list].filter(([id]) => id !== lobbyEntryId)),
};

/** The lobby after one more frame. */
export const reduceLobby = (list: LobbyList, frame: RoomServerFrame): LobbyList =>
  reduce(REDUCERS, list, frame);
