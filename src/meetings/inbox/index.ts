export type { Due } from './chores.ts';
export {
  closeOf,
  type Connection,
  errorFrame,
  isSilent,
  isUnheard,
  MAX_CONNECTIONS,
  openConnection,
  type Received,
  receive,
} from './connection.rules.ts';
export { EVENT_LIFE_MS, MAX_EVENTS } from './event-log.ts';
export type { InboxClaims, Inboxes } from './inbox.ports.ts';
export {
  chosenProtocol,
  type ClientFrame,
  type Close,
  FRAME_RATE,
  INBOX_CLOSES,
  INBOX_PROTOCOL,
  inboxServerFrames,
  type ServerFrame,
} from './inbox.protocol.ts';
export { inboxChannel } from './inbox-channel.ts';
export { inboxRoutes } from './inbox.routes.ts';
export {
  connectionIdSchema,
  type InboxEvent,
  type Party,
  partySchema,
  presenceSchema,
  type PresenceView,
  type RingFrame,
  type SetPresence,
  setPresenceSchema,
  PRESENCE_STATUSES,
  type PresenceStatus,
  QUIET_REASONS,
  type QuietReason,
  RING_ENDS,
  type RingEnd,
} from './inbox.schemas.ts';
export { type Device, InboxKeeper, type Owner } from './keeper.ts';
export { readStanding } from './read-standing.ts';
