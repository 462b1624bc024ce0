import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { timestampSchema } from '../../realtime/protocol/index.ts';
import {
  defineCursorSchema,
  errorFrameFields,
  gapReasonSchema,
  type RateLimit,
  SHARED_CLOSE_CODES,
  type SocketClose,
} from '../../realtime/sockets/index.ts';
import {
  connectionIdSchema,
  notificationSchema,
  presenceSchema,
  QUIET_REASONS,
  RING_ENDS,
  ringFrameSchema,
  setPresenceSchema,
} from './inbox.schemas.ts';

/** The protocol and its version: client and server agree on it in the handshake. */
export const INBOX_SUBPROTOCOL = 'auralink-inbox.v1';
/** Bytes of a client's frame at most; a longer one closes its socket. */
export const MAX_INBOX_FRAME_BYTES = 8_192;
/** People whose presence one connection follows at most. */
const MAX_FOLLOWED = 100;
/** Frames of one connection. */
export const INBOX_FRAME_RATE: RateLimit = { burst: 30, perSecond: 3 };

export const inboxCursorSchema = defineCursorSchema({ epoch: '4f1c9a7be2d03855', seq: 17 });
export type InboxCursor = z.output<typeof inboxCursorSchema>;

const id = z
  .string()
  .regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -')
  .optional()
  .describe('Chosen by the client and repeated in the answer.');
const clientFrame = <const T extends string, S extends z.ZodRawShape>(
  type: T,
  shape: S,
  description: string,
) => z.strictObject({ type: z.literal(type), ...shape }).describe(description);
const ringFields = { id, ringId: idSchema('ring').describe('The ring.') };
const seq = z.number().int().nonnegative();

export const inboxClientFrames = [
  clientFrame(
    'hello',
    {
      cursor: inboxCursorSchema
        .nullable()
        .default(null)
        .describe('The last event that this device has received; null for none.'),
    },
    'The first frame of a socket, within ten seconds. From then on it receives events.',
  ),
  clientFrame(
    'ping',
    {},
    'Every 30 seconds. After two minutes without a frame or a ping the device counts as gone.',
  ),
  clientFrame(
    'ack',
    { id, seq: seq.describe('The last event seen.') },
    'The person has seen everything up to this event. Their other devices receive `seen`.',
  ),
  clientFrame(
    'presence.set',
    { id, ...setPresenceSchema.shape },
    "Sets the person's presence, as `PUT /me/presence`.",
  ),
  clientFrame(
    'presence.subscribe',
    {
      id,
      userIds: z
        .array(idSchema('user'))
        .max(MAX_FOLLOWED)
        .describe(`The people to follow, up to ${MAX_FOLLOWED}.`),
    },
    'Follows the presence of these people and of no others. Answered by `presence.list`.',
  ),
  clientFrame('ring.accept', ringFields, 'Accepts an incoming ring.'),
  clientFrame('ring.decline', ringFields, 'Declines an incoming ring.'),
  clientFrame('ring.cancel', ringFields, 'Cancels an outgoing ring.'),
] as const;

/** What a device sends. Every frame but hello and ping is answered by `ack` or `error` with its `id`. */
export const inboxClientFrameSchema = z.discriminatedUnion('type', [...inboxClientFrames]);
export type InboxClientFrame = z.output<typeof inboxClientFrameSchema>;

const serverFrame = <const T extends string, S extends z.ZodRawShape>(
  type: T,
  shape: S,
  description: string,
) => z.object({ type: z.literal(type), ...shape }).describe(description);
const event = <const T extends string, S extends z.ZodRawShape>(type: T, shape: S, description: string) =>
  serverFrame(
    type,
    {
      seq: seq.min(1).describe("The event's number; the next one has the next number."),
      at: timestampSchema.describe('When it happened, ISO 8601 in UTC.'),
      ...shape,
    },
    description,
  );

const direction = z.enum(['incoming', 'outgoing']).describe("Seen from the inbox's owner.");

const greetingFields = {
  connectionId: connectionIdSchema.describe('Names this connection, in frames and in the API.'),
  cursor: inboxCursorSchema.describe('The position of the newest event.'),
  rings: z.array(ringFrameSchema).describe('Rings that are ringing now.'),
  seenSeq: seq.describe('The last event that the person has seen, on any device; 0 for none.'),
  limits: z
    .object({
      frameBytes: z.number().int().describe('Bytes of a frame at most.'),
      framesPerSecond: z.number().describe('Frames a second, on average.'),
      pingSeconds: z.number().int().describe('Seconds between two pings.'),
    })
    .describe('What the socket accepts.'),
};

export const inboxServerFrames = [
  serverFrame('welcome', greetingFields, 'Answers a hello without a cursor.'),
  serverFrame(
    'resumed',
    {
      ...greetingFields,
      from: seq.describe('The first event that follows.'),
      to: seq.describe('The last event that follows; below `from` when none was missed.'),
    },
    'Answers a hello with a cursor: the events that were missed follow.',
  ),
  serverFrame(
    'gap',
    {
      from: seq.describe('The first missing event.'),
      to: seq.describe('The last missing event; below `from` when it is not known which are missing.'),
      reason: gapReasonSchema,
    },
    'Comes before `resumed` when events are missing that cannot be replayed.',
  ),
  event('ring.incoming', { ring: ringFrameSchema }, 'Somebody rings.'),
  event('ring.outgoing', { ring: ringFrameSchema }, 'The person rings somebody, from any device.'),
  event(
    'ring.stopped',
    {
      ringId: idSchema('ring').describe('The ring.'),
      direction,
      reason: z
        .enum(RING_ENDS)
        .describe('How it ended. `busy`: it never rang. `missed`: nobody answered in time.'),
      roomId: idSchema('room').nullable().describe('The room of the call; null for none.'),
      byThisDevice: z.boolean().describe('Whether this connection ended it.'),
    },
    'A ring ended: every device stops ringing.',
  ),
  event(
    'ring.missed',
    { ring: ringFrameSchema, because: z.enum(QUIET_REASONS).describe('Why the ring made no sound.') },
    'A ring that made no sound is over.',
  ),
  event('notification', { notification: notificationSchema }, 'A notification.'),
  serverFrame(
    'seen',
    { seq: seq.describe('The last event seen.') },
    'The person has seen everything up to this event, on another device.',
  ),
  serverFrame(
    'presence.list',
    { people: z.array(presenceSchema).describe('Presence of those people who are active members.') },
    'Answers `presence.subscribe`.',
  ),
  serverFrame(
    'presence.changed',
    { presence: presenceSchema },
    'The presence of a person that you follow changed.',
  ),
  serverFrame('pong', {}, 'Answers a ping.'),
  serverFrame(
    'ack',
    { id: z.string().nullable().describe('The id of the frame; null if it had none.') },
    'The frame was executed.',
  ),
  serverFrame('error', errorFrameFields, 'The frame was refused.'),
] as const;

/** What a device receives. Frames with a `seq` are events: in order, each once, stored for devices that are away. */
export const inboxServerFrameSchema = z.discriminatedUnion('type', [...inboxServerFrames]);
export type InboxServerFrame = z.output<typeof inboxServerFrameSchema>;

/** Why the server closes a socket. After `replaced` a client must not reconnect by itself; otherwise it may. */
export const INBOX_CLOSE_CODES = {
  badFrames: SHARED_CLOSE_CODES.badFrames,
  sessionEnded: { code: 4401, reason: 'the session or the membership has ended: sign in' },
  silent: { code: 4408, reason: 'no hello in time, or neither frames nor pings for too long: resume' },
  replaced: SHARED_CLOSE_CODES.replaced,
  forgotten: { code: 4410, reason: 'the inbox was deleted' },
  expired: { code: 4411, reason: 'the connection is too old: reconnect with a new ticket' },
  lagging: SHARED_CLOSE_CODES.lagging,
  tooLarge: SHARED_CLOSE_CODES.tooLarge,
  flooding: SHARED_CLOSE_CODES.flooding,
} as const satisfies Record<string, SocketClose>;
export type InboxCloseName = keyof typeof INBOX_CLOSE_CODES;
