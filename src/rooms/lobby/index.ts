export { commitLobbyDecision, lobbyDecisionCommand } from './decide-lobby.ts';
export { tieAdmissionsToCall, upsertWaitingEntry, useEntry } from './lobby.queries.ts';
export { ADMISSION_VALID_SECONDS, LOBBY_WAIT_SECONDS } from './lobby.rules.ts';
export type { LobbyEntry } from './lobby.tables.ts';
export { sweepLobby } from './sweep-lobby.ts';
export * from './lobby.events.ts';
