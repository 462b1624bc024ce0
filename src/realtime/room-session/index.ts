export { SOCKETS_PER_IDENTITY, SOCKETS_PER_ROOM } from './admit-ticket.ts';
export { type FrameCatalog, createFrameCatalog } from './receive-frame.ts';
export { RoomCore } from './room-core.ts';
export type { ChatHistoryQuery, RoomKey, RoomRuntime, RoomServices } from './room-session.ts';
