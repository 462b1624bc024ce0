import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { textSchema } from '../../realtime/protocol/index.ts';

/** What others see of somebody. */
export const PRESENCE_STATUSES = ['online', 'away', 'busy', 'dnd', 'offline'] as const;
export type PresenceStatus = (typeof PRESENCE_STATUSES)[number];

/** How a ring ends. busy: it never rang. missed: nobody answered in time. */
export const RING_ENDS = ['accepted', 'declined', 'cancelled', 'busy', 'missed'] as const;
export type RingEnd = (typeof RING_ENDS)[number];

/** Why a ring made no sound. */
export const QUIET_REASONS = ['busy', 'do_not_disturb', 'screened'] as const;
export type QuietReason = (typeof QUIET_REASONS)[number];

export const timestampSchema = z.iso.datetime().openapi({ example: '2026-01-05T09:30:00.000Z' });

/** Somebody's presence as one viewer may see it; who may not sees them offline. */
export const presenceSchema = z
  .object({
    userId: idSchema('user'),
    status: z.enum(PRESENCE_STATUSES),
    message: z.string().nullable(),
  })
  .openapi('Presence');
export type PresenceView = z.output<typeof presenceSchema>;

/** What a person says of themselves. */
export const setPresenceSchema = z.strictObject({
  /** `online` leaves it to what is known: in a call busy, without a device offline. `offline` hides the person. */
  status: z.enum(PRESENCE_STATUSES),
  message: textSchema(200).nullable().default(null),
  /** When it is forgotten; null for never. */
  expiresAt: timestampSchema.nullable().default(null),
});
export type PresenceUpdate = z.output<typeof setPresenceSchema>;

export const ringPartySchema = z
  .object({ userId: idSchema('user'), name: z.string(), avatarUrl: z.string().nullable() })
  .openapi('RingParty');
export type RingParty = z.output<typeof ringPartySchema>;

/** A ring as a device shows it. */
export const ringFrameSchema = z
  .object({
    ringId: idSchema('ring'),
    direction: z.enum(['incoming', 'outgoing']),
    from: ringPartySchema,
    to: ringPartySchema,
    roomId: idSchema('room').nullable(),
    message: z.string().nullable(),
    startedAt: timestampSchema,
    expiresAt: timestampSchema,
  })
  .openapi('LiveRing');
export type RingFrame = z.output<typeof ringFrameSchema>;

export const notificationSchema = z
  .object({
    /** Stable and dotted, for programs: `lobby.waiting`. */
    type: z
      .string()
      .regex(/^[a-z_]+(\.[a-z_]+)+$/)
      .max(64)
      .openapi({ example: 'lobby.waiting' }),
    payload: z.record(z.string(), z.unknown()),
  })
  .openapi('InboxNotification');

/** Names a connection; random. */
export const connectionIdSchema = z
  .string()
  .regex(/^[0-9a-f]{16}$/, 'must be the connectionId that a socket was welcomed with')
  .openapi({ example: '5b0e6c1f9a3d4e27' });

/** The same thing told again has the same key, and is shown once. */
const key = z.string().min(1).max(200);
const defineInboxEvent = <const T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), key, ...shape });
const ringId = idSchema('ring');
const expiresAt = timestampSchema;

/** What rooms tell a person's devices. */
export const inboxEventSchema = z.discriminatedUnion('type', [
  defineInboxEvent('ring.started', { ring: ringFrameSchema }),
  /** Nothing is shown; the ring's time runs here all the same. */
  defineInboxEvent('ring.timed', { ringId, expiresAt }),
  defineInboxEvent('ring.ended', {
    ringId,
    direction: z.enum(['incoming', 'outgoing']),
    reason: z.enum(RING_ENDS),
    roomId: idSchema('room').nullable(),
    /** The connection that ended it, where that is known. */
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
    ticket: z.string(),
    /** Where the socket is opened, with these subprotocols. */
    url: z.string(),
    protocols: z.array(z.string()),
    expiresAt: timestampSchema,
  })
  .openapi('InboxTicket');
export type InboxTicketView = z.output<typeof inboxTicketSchema>;
