import { z } from '@hono/zod-openapi';
import { idSchema, lineSchema, momentSchema } from '../../kernel/core/index.ts';
import { timestampSchema } from '../../realtime/protocol/index.ts';

/** What others see of a person. */
export const PRESENCE_STATUSES = ['online', 'away', 'busy', 'dnd', 'offline'] as const;
export type PresenceStatus = (typeof PRESENCE_STATUSES)[number];

/** How a ring ends. `busy`: it never rang. `missed`: nobody answered in time. */
export const RING_ENDS = ['accepted', 'declined', 'cancelled', 'busy', 'missed'] as const;
export type RingEnd = (typeof RING_ENDS)[number];

/** Why a ring made no sound. */
export const QUIET_REASONS = ['busy', 'do_not_disturb', 'screened'] as const;
export type QuietReason = (typeof QUIET_REASONS)[number];

const userId = idSchema('user');

export const presenceSchema = z
  .object({
    userId: userId.describe('The person.'),
    status: z
      .enum(PRESENCE_STATUSES)
      .describe('`dnd` is do not disturb. A person whose presence the viewer may not see is `offline`.'),
    message: z.string().nullable().describe('A short text that the person set; null for none.'),
  })
  .openapi('Presence')
  .describe("A person's presence, as the viewer may see it.");
export type PresenceView = z.output<typeof presenceSchema>;

export const setPresenceSchema = z.strictObject({
  status: z
    .enum(PRESENCE_STATUSES)
    .describe(
      '`online` is automatic: busy during a call, offline without a connected device. `dnd` silences rings. ' +
        '`offline` hides you.',
    ),
  message: lineSchema(200)
    .nullable()
    .default(null)
    .describe('A short text for others, 1 to 200 characters; null for none.'),
  expiresAt: momentSchema
    .nullable()
    .default(null)
    .describe('When status and message are reset; null for never.'),
});
export type PresenceUpdate = z.output<typeof setPresenceSchema>;

export const ringPartySchema = z
  .object({
    userId: userId.describe('The person.'),
    name: z.string().describe('Their display name.'),
    avatarUrl: z.string().nullable().describe('Their picture; null for none.'),
  })
  .openapi('RingParty')
  .describe('The caller or the callee of a ring.');
export type RingParty = z.output<typeof ringPartySchema>;

const direction = z.enum(['incoming', 'outgoing']).describe("Seen from the inbox's owner.");
const ringId = idSchema('ring');
const roomId = idSchema('room')
  .nullable()
  .describe('The room of the call; null while it does not exist yet.');

export const ringFrameSchema = z
  .object({
    ringId: ringId.describe('The ring.'),
    direction,
    from: ringPartySchema.describe('The caller.'),
    to: ringPartySchema.describe('The callee.'),
    roomId,
    message: z.string().nullable().describe("The caller's message; null for none."),
    startedAt: timestampSchema.describe('When it started, ISO 8601 in UTC.'),
    expiresAt: timestampSchema.describe('When it is missed without an answer, ISO 8601 in UTC.'),
  })
  .openapi('LiveRing')
  .describe('A ring, as a device shows it.');
export type RingFrame = z.output<typeof ringFrameSchema>;

export const notificationSchema = z
  .object({
    type: z
      .string()
      .regex(/^[a-z_]+(\.[a-z_]+)+$/)
      .max(64)
      .openapi({ example: 'lobby.waiting' })
      .describe('Stable and dotted, for programs.'),
    payload: z.record(z.string(), z.unknown()).describe('What the notification is about.'),
  })
  .openapi('InboxNotification')
  .describe('A notification.');

export const connectionIdSchema = z
  .string()
  .regex(/^[0-9a-f]{16}$/, 'must be the connectionId of a welcome frame')
  .openapi({ example: '5b0e6c1f9a3d4e27' })
  .describe("Names one connection of the inbox, as its device's `welcome` said.");

const defineInboxEvent = <const T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({
    type: z.literal(type),
    /** An event that is pushed again has the same key and is shown once. */
    key: z.string().min(1).max(200),
    ...shape,
  });
const expiresAt = timestampSchema;

/** What other modules push into a person's inbox. */
export const inboxEventSchema = z.discriminatedUnion('type', [
  defineInboxEvent('ring.started', { ring: ringFrameSchema }),
  /** Shows nothing: a silent ring whose time runs in this inbox. */
  defineInboxEvent('ring.timed', { ringId, expiresAt }),
  defineInboxEvent('ring.ended', {
    ringId,
    direction,
    reason: z.enum(RING_ENDS),
    roomId,
    /** The connection that ended it; null when it is not known. */
    by: connectionIdSchema.nullable(),
    expiresAt,
  }),
  /** A ring that made no sound is over. */
  defineInboxEvent('ring.missed', { ring: ringFrameSchema, because: z.enum(QUIET_REASONS) }),
  defineInboxEvent('notification', { notification: notificationSchema }),
]);
export type InboxEvent = z.output<typeof inboxEventSchema>;

export const inboxTicketSchema = z
  .object({
    ticket: z.string().describe('The ticket. It opens the inbox socket and nothing else, for one minute.'),
    url: z.string().describe('Where to open the socket.'),
    protocols: z.array(z.string()).describe('The subprotocols to offer; the ticket is one of them.'),
    expiresAt: timestampSchema.describe('When the ticket expires, ISO 8601 in UTC.'),
  })
  .openapi('InboxTicket');
export type InboxTicketView = z.output<typeof inboxTicketSchema>;
