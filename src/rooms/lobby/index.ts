export { upsertWaitingEntry } from './lobby.queries.ts';
export { LOBBY_WAIT_SECONDS } from './lobby.rules.ts';
export type { LobbyEntry } from './lobby.tables.ts';
export { sweepLobby } from './sweep-lobby.ts';
export * from './lobby.events.ts';
