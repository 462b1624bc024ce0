import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { captionFields, roomCursorSchema, emojiSchema, hintSchema } from './client-frames.schemas.ts';
import {
  roomEvents,
  hiddenEvent,
  type HiddenEvent,
  personViewSchema,
  type RoomEvent,
} from './room-events.schemas.ts';
import {
  breakoutsViewSchema,
  featuresSchema,
  identitySchema,
  lobbyEntrySchema,
  timestampSchema,
  nameSchema,
  pollViewSchema,
  roomIdSchema,
  roomRoleSchema,
} from './protocol.schemas.ts';

const frame = <const T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...shape });

const by = identitySchema.nullable();
const seq = z.number().int().nonnegative();
const frameId = z.string();
const decision = z.enum(['admitted', 'denied', 'cancelled', 'expired']);

const youSchema = z.object({
  identity: identitySchema,
  name: nameSchema,
  role: roomRoleSchema,
  participantId: idSchema('participant').nullable(),
  features: featuresSchema,
  /** The last event that this person has read, on any device. */
  readSeq: seq,
});

/** Everything that events say, as it is after the last of them. */
const stateSchema = z.object({
  name: z.string().nullable(),
  locked: z.boolean(),
  features: featuresSchema.partial(),
  spotlight: identitySchema.nullable(),
  call: z.object({ callId: idSchema('call'), startedAt: timestampSchema }).nullable(),
  polls: z.array(pollViewSchema),
  breakouts: z.array(breakoutsViewSchema),
});
export type StateView = z.infer<typeof stateSchema>;

const limitsSchema = z.object({
  frameBytes: z.number().int(),
  framesPerSecond: z.number(),
  pingSeconds: z.number().int(),
});

/** Who waits, for those who may let them in; null for everybody else. */
const lobby = z.array(lobbyEntrySchema).nullable();

/** A message as the history keeps it. */
export const chatMessageSchema = z
  .object({
    messageId: idSchema('message'),
    identity: identitySchema,
    name: nameSchema,
    /** Empty once the message is deleted. */
    text: z.string(),
    threadId: idSchema('message').nullable(),
    replyTo: idSchema('message').nullable(),
    sentAt: timestampSchema,
    editedAt: timestampSchema.nullable(),
    deletedAt: timestampSchema.nullable(),
    reactions: z.array(z.object({ emoji: emojiSchema, identities: z.array(identitySchema) })),
  })
  .openapi('ChatMessage');
export type ChatMessage = z.infer<typeof chatMessageSchema>;

/** Frames without a place in the order: answers, what is for one person, what is not worth keeping. Never replayed. */
const transientFrames = [
  /** To a hello without cursor, or after a gap: how things are after the room's last event. */
  frame('welcome', {
    cursor: roomCursorSchema,
    you: youSchema,
    roster: z.array(personViewSchema),
    state: stateSchema,
    lobby,
    limits: limitsSchema,
  }),
  /** To a hello with a cursor: events `from` to `to` follow, then whatever happens. */
  frame('resumed', { from: seq, to: seq, you: youSchema, lobby, limits: limitsSchema }),
  /** These events are not kept any longer; `from` above `to` when none is known to be missing. */
  frame('gap', { from: seq, to: seq, reason: z.enum(['trimmed', 'epoch', 'ahead']) }),
  /** To the hello of somebody in the lobby. */
  frame('waiting', { entry: idSchema('lobbyEntry'), decision: decision.nullable(), limits: limitsSchema }),
  /** The frame with this id was accepted, now or before; `seq` is its event's, null when it made none. */
  frame('ack', { id: frameId, seq: seq.nullable(), result: z.unknown().optional() }),
  frame('error', {
    /** Of the frame that is refused; null when it had none. */
    id: frameId.nullable(),
    code: z.string(),
    title: z.string(),
    detail: z.string().optional(),
    retryAfterSeconds: z.number().optional(),
  }),
  frame('pong', { id: frameId.optional() }),
  /** Opens the next socket, also after a break. */
  frame('ticket', { ticket: z.string(), expiresAt: timestampSchema }),
  /** Your role or features have changed. */
  frame('you', { you: youSchema, lobby }),
  frame('typing', { identity: identitySchema, on: z.boolean() }),
  frame('reaction', { identity: identitySchema, emoji: emojiSchema }),
  frame('media.hint', { identity: identitySchema, hint: hintSchema }),
  frame('media.muted', { trackSid: z.string().nullable(), by }),
  frame('chat.read', { identity: identitySchema, seq }),
  frame('chat.page', { id: frameId, data: z.array(chatMessageSchema), nextCursor: z.string().nullable() }),
  frame('caption.partial', { ...captionFields, identity: identitySchema }),
  frame('participant.moved', { toRoomId: roomIdSchema, ticket: z.string().nullable(), by }),
  frame('lobby.waiting', { entry: lobbyEntrySchema }),
  frame('lobby.decided', { lobbyEntryId: idSchema('lobbyEntry'), identity: identitySchema, decision, by }),
  frame('data', { topic: z.string(), payload: z.unknown(), by }),
  frame('notice', { level: z.enum(['info', 'warning']), code: z.string(), text: z.string() }),
] as const;

const transientFrameSchema = z.discriminatedUnion('type', [...transientFrames]);
export type TransientFrame = z.infer<typeof transientFrameSchema>;

/** Everything that a client may be sent. */
export const roomServerFrames = [...transientFrames, ...roomEvents, hiddenEvent] as const;
export const roomServerFrameSchema = z.discriminatedUnion('type', [...roomServerFrames]);
export type RoomServerFrame = TransientFrame | RoomEvent | HiddenEvent;

/** Why the server closes a socket. After those that say so the client may open another one, with its last cursor. */
export const ROOM_CLOSE_CODES = {
  badFrames: { code: 4400, reason: 'too many frames that are not valid' },
  removed: { code: 4403, reason: 'removed from the room' },
  silent: { code: 4408, reason: 'nothing was heard for too long: resume' },
  replaced: { code: 4409, reason: 'a newer socket of the same person took its place' },
  roomEnded: { code: 4410, reason: 'the room has ended' },
  tooLarge: { code: 1009, reason: 'the frame is too large' },
  lagging: { code: 4413, reason: 'reads too slowly: resume' },
  flooding: { code: 4429, reason: 'sends too fast' },
  decided: { code: 4440, reason: 'no longer waiting' },
  crowded: { code: 1013, reason: 'too much is on its way: resume later' },
} as const;
export type RoomCloseName = keyof typeof ROOM_CLOSE_CODES;
