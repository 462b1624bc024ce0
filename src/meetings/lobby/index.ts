export { lobbyVerbs } from './lobby.frames.ts';
export { lobbyJobs } from './lobby.jobs.ts';
export { putWaiting } from './lobby.queries.ts';
export { lobbyRoutes } from './lobby.routes.ts';
export { LOBBY_SECONDS } from './lobby.rules.ts';
export type { LobbyEntry } from './lobby.tables.ts';
export { findStanding } from './standing.queries.ts';
export { sweepLobby } from './sweep-lobby.ts';
