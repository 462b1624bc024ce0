export type { DueInboxTasks } from './inbox-schedule.ts';
export {
  requiredClose,
  type DeviceConnection,
  toErrorFrame,
  isHelloOverdue,
  isUnresponsive,
  MAX_CONNECTIONS,
  createConnection,
  type ReceivedFrame,
  receiveDeviceFrame,
} from './connection.rules.ts';
export { EVENT_LIFE_MS, MAX_EVENTS } from './inbox-event-log.ts';
export type { InboxClaims, Inboxes } from './inbox.ports.ts';
export {
  chooseSubprotocol,
  type InboxClientFrame,
  type InboxClose,
  INBOX_FRAME_RATE,
  INBOX_CLOSE_CODES,
  INBOX_SUBPROTOCOL,
  inboxServerFrames,
  type InboxServerFrame,
} from './inbox.protocol.ts';
export { inboxChannel } from './inbox-channel.ts';
export { inboxRoutes } from './inbox.routes.ts';
export {
  connectionIdSchema,
  type InboxEvent,
  type RingParty,
  ringPartySchema,
  presenceSchema,
  type PresenceView,
  type RingFrame,
  type PresenceUpdate,
  setPresenceSchema,
  PRESENCE_STATUSES,
  type PresenceStatus,
  QUIET_REASONS,
  type QuietReason,
  RING_ENDS,
  type RingEnd,
} from './inbox.schemas.ts';
export { type InboxDevice, InboxCore, type InboxOwner } from './inbox-core.ts';
export { readCredentialStatus } from './read-credential-status.ts';
