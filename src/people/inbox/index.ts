export { callInboxVerb } from './call-inbox-verb.ts';
export { defineInboxVerb, type InboxVerb, type InboxVerbFrame } from './define-inbox-verb.ts';
export {
  INBOX_CLOSE_CODES,
  INBOX_FRAME_RATE,
  INBOX_SUBPROTOCOL,
  type InboxClientFrame,
  inboxClientFrames,
  inboxClientFrameSchema,
  type InboxCloseName,
  type InboxCursor,
  type InboxServerFrame,
  inboxServerFrames,
  MAX_INBOX_FRAME_BYTES,
} from './inbox-frames.schemas.ts';
export { EVENT_LIFE_MS, MAX_CONNECTIONS, MAX_EVENTS } from './inbox.limits.ts';
export type { InboxClaims, Inboxes, InboxOwner } from './inbox.ports.ts';
export {
  connectionIdSchema,
  type InboxEvent,
  PRESENCE_STATUSES,
  presenceSchema,
  type PresenceStatus,
  type PresenceUpdate,
  type PresenceView,
  QUIET_REASONS,
  type QuietReason,
  RING_ENDS,
  type RingEnd,
  type RingFrame,
  type RingParty,
  ringPartySchema,
  setPresenceSchema,
} from './inbox.schemas.ts';
