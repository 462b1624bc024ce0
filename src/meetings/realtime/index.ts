export type { DocumentedFrame, SocketChannel } from './asyncapi.ts';
export {
  type RoomBaseFrame,
  roomBaseFrames,
  type RoomCursor,
  MAX_ROOM_FRAME_BYTES,
  PING_SECONDS,
  PING_TEXT,
  PONG_TEXT,
  ROOM_SUBPROTOCOL,
  textSchema,
} from './client-frames.protocol.ts';
export { type LiveCommand, liveCommandSchema } from './commands.schemas.ts';
export {
  CHAT_EVENTS,
  type ChatEvent,
  type RoomEventDraft,
  type HiddenEvent,
  type PersonView,
  type RoomEvent,
} from './events.protocol.ts';
export { type SocketHandshake, requireHandshake } from './open-socket.ts';
export { realtimeErrors } from './realtime.errors.ts';
export { realtimeSubscribers } from './realtime.jobs.ts';
export {
  handshakeErrors,
  handshakeHeadersSchema,
  handshakeQuerySchema,
  realtimeRoutes,
} from './realtime.routes.ts';
export { roomChannel } from './room-channel.ts';
export type {
  LiveRooms,
  LiveRoster,
  RoomTicket,
  RoomTicketClaims,
  LiveRosterEntry,
} from './realtime.ports.ts';
export {
  type CallerKind,
  type Features,
  identitySchema,
  type LiveBreakouts,
  type LiveLobbyEntry,
  type LivePoll,
  type RoomRole,
} from './realtime.schemas.ts';
export { ROOM_TICKET_SECONDS, signRoomTicket, verifyRoomTicket } from './room-tickets.ts';
export {
  type ChatMessage,
  chatMessageSchema,
  ROOM_CLOSE_CODES,
  type RoomCloseName,
  type TransientFrame,
  type RoomServerFrame,
  roomServerFrames,
  roomServerFrameSchema,
  type StateView,
} from './server-frames.protocol.ts';
export { defineRoomVerb, type RoomCaller, type RoomVerb } from './room-verbs.ts';
export { liveCommandsIssued, sendLiveCommands } from './tell-live-room.ts';
