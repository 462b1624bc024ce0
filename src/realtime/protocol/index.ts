export { type LiveCaptions, MAX_ASKED_LANGUAGES } from './caption.schemas.ts';
export {
  type RoomBaseFrame,
  roomBaseFrames,
  type RoomCursor,
  MAX_ROOM_FRAME_BYTES,
  ROOM_SUBPROTOCOL,
} from './client-frames.schemas.ts';
export { type LiveCommand, liveCommandSchema } from './live-commands.schemas.ts';
export {
  CHAT_EVENTS,
  type ChatEvent,
  type RoomEventDraft,
  type HiddenEvent,
  type PersonView,
  type RoomEvent,
} from './room-events.schemas.ts';
export { realtimeErrors, ROOM_CLOSE_CODES, type RoomCloseName } from './protocol.errors.ts';
export { roomChannel } from './room-channel.ts';
export type {
  LiveRooms,
  LiveRoster,
  RoomTicket,
  RoomTicketClaims,
  LiveRosterEntry,
} from './protocol.ports.ts';
export {
  CALLER_KINDS,
  type CallerKind,
  MAX_EMOJI_PER_MESSAGE,
  MAX_EMOJI_PER_PERSON,
  REVIEW_STATES,
  REVIEW_SUBJECTS,
  ROOM_ROLES,
  type RoomRole,
} from './protocol.enums.ts';
export {
  type Features,
  identitySchema,
  type LiveBreakouts,
  type LiveLobbyEntry,
  type LivePoll,
  type LiveRecording,
  type LiveRecordingConsent,
  type LiveStream,
  publicIdentity,
  speakerSchema,
  timestampSchema,
} from './protocol.schemas.ts';
export {
  actorOfTicket,
  MAX_SOCKET_SESSION_MS,
  ROOM_TICKET_SECONDS,
  signRoomTicket,
  type TicketHolder,
  verifyRoomTicket,
} from './room-tickets.ts';
export {
  type ChatMessage,
  chatMessageSchema,
  type MessageFile,
  type StateView,
} from './room-views.schemas.ts';
export {
  type TransientFrame,
  type RoomServerFrame,
  roomServerFrames,
  roomServerFrameSchema,
} from './server-frames.schemas.ts';
export { callRoomVerb, type OwnRoom } from './call-room-verb.ts';
export { defineRoomVerb, type RoomCaller, type RoomVerb } from './define-room-verb.ts';
export { sendLiveCommands } from './send-live-commands.ts';
export * from './protocol.events.ts';
