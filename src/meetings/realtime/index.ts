export type { DocumentedFrame, SocketChannel } from './asyncapi.ts';
export {
  type BaseFrame,
  baseFrames,
  type Cursor,
  FRAME_LIMIT_BYTES,
  PING_SECONDS,
  PING_TEXT,
  PONG_TEXT,
  SUBPROTOCOL,
  textSchema,
} from './client-frames.protocol.ts';
export { type LiveCommand, liveCommandSchema } from './commands.schemas.ts';
export {
  CHAT_EVENTS,
  type ChatEvent,
  type EventDraft,
  type HiddenEvent,
  type PersonView,
  type RoomEvent,
} from './events.protocol.ts';
export { type Handshake, requireHandshake } from './open-socket.ts';
export { realtimeErrors } from './realtime.errors.ts';
export { realtimeJobs } from './realtime.jobs.ts';
export {
  handshakeErrors,
  handshakeHeadersSchema,
  handshakeQuerySchema,
  realtimeRoutes,
} from './realtime.routes.ts';
export { roomChannel } from './room-channel.ts';
export type { LiveRooms, LiveRoster, RoomTicket, RoomTicketClaims, RosterEntry } from './realtime.ports.ts';
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
  CLOSE_CODES,
  type CloseName,
  type PassingFrame,
  type ServerFrame,
  serverFrames,
  serverFrameSchema,
  type StateView,
} from './server-frames.protocol.ts';
export { defineRoomVerb, type RoomCaller, type RoomVerb } from './room-verbs.ts';
export { liveRoomTold, tellLiveRoom } from './tell-live-room.ts';
