export { type SocketHandle } from './conn.ts';
export { SOCKETS_PER_IDENTITY, SOCKETS_PER_ROOM } from './entering.ts';
export { REPLAY_LIMITS } from '../live-state/index.ts';
export { type FrameCatalog, createFrameCatalog } from './hearing.ts';
export { RoomCore } from './room-keeper.ts';
export type { ChatHistoryQuery, RoomServices, RoomKey, RoomRuntime } from './room-parts.ts';
export type { MessageSummary } from '../live-state/index.ts';
