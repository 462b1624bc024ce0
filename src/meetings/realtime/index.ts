export { type LiveCommand, liveCommandSchema } from './commands.schemas.ts';
export { ROOM_TICKET_SECONDS, type RoomTicket, signRoomTicket, verifyRoomTicket } from './room-tickets.ts';
export type { LiveRooms, LiveRoster, RoomTicketClaims, RosterEntry } from './realtime.ports.ts';
export {
  breakoutsViewSchema,
  CALLER_KINDS,
  type CallerKind,
  type Features,
  featuresSchema,
  identitySchema,
  type LiveBreakouts,
  type LiveLobbyEntry,
  type LivePoll,
  pollViewSchema,
  ROOM_ROLES,
  type RoomRole,
  roomRoleSchema,
} from './realtime.schemas.ts';
