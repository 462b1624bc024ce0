export { type Line } from './conn.ts';
export { SOCKETS_PER_IDENTITY, SOCKETS_PER_ROOM } from './entering.ts';
export { HISTORY } from '../live-state/index.ts';
export { type Vocabulary, vocabularyOf } from './hearing.ts';
export { RoomKeeper } from './room-keeper.ts';
export type { HistoryQuery, Outside, RoomPlace, RoomWorld } from './room-parts.ts';
export type { KnownMessage } from '../live-state/index.ts';
