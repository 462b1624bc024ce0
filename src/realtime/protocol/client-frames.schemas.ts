import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { identitySchema } from './protocol.schemas.ts';

/** The protocol and its version: what a socket speaks is agreed on when it is opened. */
export const ROOM_SUBPROTOCOL = 'auralink.v1';

/**
 * Chosen by the client, random (a UUID): names the frame in its ack or error, and makes sending it again after a break
 * harmless. Unique for the identity in the room, on all its devices.
 */
const id = z
  .string()
  .regex(/^[\w-]{8,64}$/, 'must be 8 to 64 letters, digits, _ or -')
  .openapi({ example: '7f1c6a52-0d0e-4c6b-9a5e-3a1f0f2b9c11' });

const optionalId = { id: id.optional() };
const isStorable = (text: string) => text.isWellFormed() && !text.includes('\u0000');
/** Text that a database takes. */
export const textSchema = (max: number) =>
  z.string().min(1).max(max).refine(isStorable, 'must be well-formed text without NUL');

const messageId = idSchema('message');
export const chatTextSchema = textSchema(4000).openapi({ example: 'Can everybody hear me?' });
export const emojiSchema = textSchema(32).openapi({ example: '👍' });

/** A position in the room's order of events. */
export const roomCursorSchema = z
  .strictObject({
    /** Names one history: another one means that the live room began anew. */
    epoch: z.string().min(1).max(64),
    /** Of the last event that was seen; 0 before the first. */
    seq: z.number().int().nonnegative(),
  })
  .openapi({ example: { epoch: '01jd3v7q8gf4kr2x6a0w9mznpe', seq: 42 } });
export type RoomCursor = z.infer<typeof roomCursorSchema>;

export const hintSchema = z.strictObject({
  microphone: z.boolean().optional(),
  camera: z.boolean().optional(),
  screenShare: z.boolean().optional(),
  speaking: z.boolean().optional(),
  network: z.enum(['good', 'poor', 'lost']).optional(),
});

/** One piece of what somebody says, by whoever transcribes it. */
export const captionFields = {
  segmentId: z.string().regex(/^[\w-]{1,64}$/),
  /** Rises with each change of the segment's text. */
  version: z.number().int().min(1),
  /** The identity that speaks. */
  speaker: identitySchema,
  language: z.string().min(2).max(35).openapi({ example: 'en' }),
  text: textSchema(2000),
  /** Milliseconds from the beginning of the call. */
  startMs: z.number().int().nonnegative().optional(),
  endMs: z.number().int().nonnegative().optional(),
};

const frame = <const T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.strictObject({ type: z.literal(type), ...shape });

/** What any client may send; frames that change what lasts are added by the rooms that own it. */
export const roomBaseFrames = [
  frame('hello', { cursor: roomCursorSchema.nullable().default(null) }),
  frame('ping', optionalId),
  frame('ticket.refresh', optionalId),
  frame('typing', { ...optionalId, on: z.boolean() }),
  frame('reaction', { ...optionalId, emoji: emojiSchema }),
  frame('media.hint', { ...optionalId, hint: hintSchema }),
  frame('presence.update', { id, status: z.enum(['active', 'away']) }),
  frame('hand.raise', { id }),
  frame('hand.lower', { id }),
  frame('chat.send', { id, text: chatTextSchema, replyTo: messageId.nullable().default(null) }),
  frame('chat.edit', { id, messageId, text: chatTextSchema }),
  frame('chat.delete', { id, messageId }),
  frame('chat.react', { id, messageId, emoji: emojiSchema, on: z.boolean() }),
  frame('chat.read', { ...optionalId, seq: z.number().int().nonnegative() }),
  frame('chat.history', {
    id,
    threadId: messageId.optional(),
    limit: z.number().int().min(1).max(100).default(50),
    cursor: z.string().max(512).optional(),
  }),
  frame('caption', { ...optionalId, ...captionFields, final: z.boolean() }),
] as const;

export const roomBaseFrameSchema = z.discriminatedUnion('type', [...roomBaseFrames]);
export type RoomBaseFrame = z.infer<typeof roomBaseFrameSchema>;

/** Fields of a frame that a verb answers: it names itself, so that it is answered and repeated safely. */
export const defineVerbFrame = <const T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  frame(type, { id, ...shape });

/** A frame of at most so many bytes is read at all. */
export const MAX_ROOM_FRAME_BYTES = 64 * 1024;
/** Sent and answered as these very texts, without waking the room. */
export const PING_TEXT = '{"type":"ping"}';
export const PONG_TEXT = '{"type":"pong"}';
/** How often a client pings; who is silent for three times as long is taken for gone. */
export const PING_SECONDS = 30;
