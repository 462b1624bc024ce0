import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import {
  connectionIdSchema,
  timestampSchema,
  notificationSchema,
  presenceSchema,
  QUIET_REASONS,
  RING_ENDS,
  ringFrameSchema,
  setPresenceSchema,
} from './inbox.schemas.ts';

/** The socket's subprotocol: the version of its frames. */
export const INBOX_SUBPROTOCOL = 'auralink-inbox.v1';
/** Bytes of a client's frame; a longer one closes its socket. */
export const MAX_INBOX_FRAME_BYTES = 8_192;
/** People whose presence one connection follows. */
export const MAX_FOLLOWED = 100;
/** Frames that one connection may send at once, and that it gets back in a second. */
export const INBOX_FRAME_RATE = { burst: 30, perSecond: 3 } as const;

/** A position in the inbox's order of events. */
export const inboxCursorSchema = z
  .strictObject({
    /** Names one history: another one means that the inbox began anew. */
    epoch: z.string().min(1).max(64),
    /** Of the last event that was seen; 0 before the first. */
    seq: z.number().int().nonnegative(),
  })
  .openapi({ example: { epoch: '4f1c9a7be2d03855', seq: 17 } });
export type InboxCursor = z.output<typeof inboxCursorSchema>;

/** Chosen by the client, repeated in the answer. */
const id = z
  .string()
  .regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -')
  .optional();
const clientFrame = <const T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), ...shape });
const ringFields = { id, ringId: idSchema('ring') };
const seq = z.number().int().nonnegative();

export const inboxClientFrames = [
  /** The first frame: with the place of the last event that this device has seen, if it has seen any. */
  clientFrame('hello', { cursor: inboxCursorSchema.nullable().default(null) }),
  /** Every 30 seconds: who is not heard of for two minutes is taken for gone. */
  clientFrame('ping', {}),
  /** The person has seen the events up to here: their other devices are told. */
  clientFrame('ack', { id, seq }),
  clientFrame('presence.set', { id, ...setPresenceSchema.shape }),
  /** Follows these people from now on, and nobody else. */
  clientFrame('presence.subscribe', { id, userIds: z.array(idSchema('user')).max(MAX_FOLLOWED) }),
  clientFrame('ring.accept', ringFields),
  clientFrame('ring.decline', ringFields),
  clientFrame('ring.cancel', ringFields),
] as const;

/** What a device sends. Every frame but hello and ping is answered by `ack` or `error` with its `id`. */
export const inboxClientFrameSchema = z.discriminatedUnion('type', [...inboxClientFrames]);
export type InboxClientFrame = z.output<typeof inboxClientFrameSchema>;

const serverFrame = <const T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...shape });
const event = <const T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  serverFrame(type, { seq: seq.min(1), at: timestampSchema, ...shape });

const direction = z.enum(['incoming', 'outgoing']);

const greetingFields = {
  /** Names this connection, also in answers that are given by the API. */
  connectionId: connectionIdSchema,
  /** Of the newest event. */
  cursor: inboxCursorSchema,
  /** Rings that have not ended. */
  rings: z.array(ringFrameSchema),
  /** The last event that the person has seen on any device; 0 for none. */
  seenSeq: seq,
  limits: z.object({
    frameBytes: z.number().int(),
    framesPerSecond: z.number(),
    /** How often the client pings; who is not heard of for four times as long is taken for gone. */
    pingSeconds: z.number().int(),
  }),
};

export const inboxServerFrames = [
  /** To a hello without a cursor. */
  serverFrame('welcome', greetingFields),
  /** To a hello with a cursor: the events `from` to `to` follow; `from` above `to` when there are none. */
  serverFrame('resumed', { ...greetingFields, from: seq, to: seq }),
  /** Before `resumed`: these events are kept no longer; `from` above `to` when it is not known which. */
  serverFrame('gap', { from: seq, to: seq, reason: z.enum(['trimmed', 'epoch', 'ahead']) }),
  event('ring.incoming', { ring: ringFrameSchema }),
  event('ring.outgoing', { ring: ringFrameSchema }),
  /** All devices stop. */
  event('ring.stopped', {
    ringId: idSchema('ring'),
    direction,
    reason: z.enum(RING_ENDS),
    roomId: idSchema('room').nullable(),
    /** Whether it was this very connection that ended it. */
    byThisDevice: z.boolean(),
  }),
  /** A ring that made no sound is over. */
  event('ring.missed', { ring: ringFrameSchema, because: z.enum(QUIET_REASONS) }),
  event('notification', { notification: notificationSchema }),
  /** The person has seen the events up to here, on another device. */
  serverFrame('seen', { seq }),
  /** After `presence.subscribe`: how everybody stands whom the person may know of. */
  serverFrame('presence.list', { people: z.array(presenceSchema) }),
  serverFrame('presence.changed', { presence: presenceSchema }),
  serverFrame('pong', {}),
  /** The frame with this id was done. */
  serverFrame('ack', { id: z.string().nullable() }),
  serverFrame('error', {
    /** Of the frame that is refused; null when it had none. */
    id: z.string().nullable(),
    code: z.string(),
    title: z.string(),
    detail: z.string().optional(),
    retryAfterSeconds: z.number().optional(),
  }),
] as const;

/** What a device is sent. Frames with a `seq` are events: in order, each once, kept for devices that are away. */
export const inboxServerFrameSchema = z.discriminatedUnion('type', [...inboxServerFrames]);
export type InboxServerFrame = z.output<typeof inboxServerFrameSchema>;

/** Why the server closes a socket. After `replaced` a client stays away; after the others it may come back. */
export const INBOX_CLOSE_CODES = {
  badFrames: { code: 4400, reason: 'too many frames that are not valid' },
  sessionEnded: { code: 4401, reason: 'the session or the membership has ended: sign in' },
  silent: { code: 4408, reason: 'no hello came, or nothing was heard for too long: resume' },
  replaced: { code: 4409, reason: 'a newer socket of the same person took its place' },
  forgotten: { code: 4410, reason: 'the inbox is no more' },
  expired: { code: 4411, reason: 'the connection is old: come back with a new ticket' },
  lagging: { code: 4413, reason: 'reads too slowly: resume' },
  tooLarge: { code: 1009, reason: 'the frame is too large' },
  flooding: { code: 4429, reason: 'sends too fast' },
} as const;
export type InboxClose = (typeof INBOX_CLOSE_CODES)[keyof typeof INBOX_CLOSE_CODES];

/** The subprotocol that the answer names: ours when it was offered, none when none was. */
export function chooseSubprotocol(protocols: string | null): string | undefined {
  const offered = (protocols ?? '').split(',').map((each) => each.trim());
  return offered.includes(INBOX_SUBPROTOCOL) ? INBOX_SUBPROTOCOL : undefined;
}
