import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { captionFields, emojiSchema } from './client-frames.schemas.ts';
import { CALLER_KINDS } from './protocol.enums.ts';
import {
  breakoutsViewSchema,
  featuresSchema,
  identitySchema,
  timestampSchema,
  nameSchema,
  pollViewSchema,
  roomRoleSchema,
} from './protocol.schemas.ts';

const messageId = idSchema('message');
const by = identitySchema.nullable();
/** Empty, in what is replayed, once the message is deleted; of an edit also once a later one has overtaken it. */
const chatText = z.string().max(4000).openapi({ example: 'Can everybody hear me?' });

/** Somebody in the room, as everybody in it sees them. */
export const personViewSchema = z
  .object({
    identity: identitySchema,
    name: nameSchema,
    role: roomRoleSchema,
    kind: z.enum(CALLER_KINDS),
    participantId: idSchema('participant').nullable(),
    status: z.enum(['active', 'away']),
    handRaisedAt: timestampSchema.nullable(),
    joinedAt: timestampSchema,
  })
  .openapi('LivePerson');
export type PersonView = z.infer<typeof personViewSchema>;

/**
 * An event has a place in the room's one order, is kept for a while, and is seen by everybody in the room exactly once.
 * It says how things are from then on, never by how much they changed.
 */
const event = <const T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), seq: z.number().int().min(1), at: timestampSchema, ...shape });

export const roomEvents = [
  event('presence.joined', { person: personViewSchema }),
  event('presence.updated', { identity: identitySchema, status: z.enum(['active', 'away']) }),
  event('presence.left', { identity: identitySchema }),
  event('participant.role', { identity: identitySchema, role: roomRoleSchema, by }),
  event('participant.removed', { identity: identitySchema, reason: z.string(), by }),
  event('hand.raised', { identity: identitySchema }),
  /** Null: all hands. */
  event('hand.lowered', { identity: identitySchema.nullable(), by }),
  event('spotlight.changed', { identity: identitySchema.nullable(), by }),
  event('room.locked', { locked: z.boolean(), by }),
  event('room.updated', { name: z.string().nullable(), features: featuresSchema.partial(), by }),
  event('room.ended', { reason: z.string(), by }),
  event('call.started', { callId: idSchema('call'), startedAt: timestampSchema }),
  event('call.ended', { callId: idSchema('call'), endedAt: timestampSchema }),
  event('chat.message', {
    messageId,
    identity: identitySchema,
    name: nameSchema,
    text: chatText,
    /** The first message of the thread this one is in. */
    threadId: messageId.nullable(),
    replyTo: messageId.nullable(),
  }),
  event('chat.edited', { messageId, identity: identitySchema, text: chatText }),
  event('chat.deleted', { messageId, by: identitySchema }),
  event('chat.reaction', { messageId, identity: identitySchema, emoji: emojiSchema, on: z.boolean() }),
  event('caption.final', { ...captionFields, identity: identitySchema }),
  event('poll.opened', { poll: pollViewSchema }),
  event('poll.updated', { poll: pollViewSchema }),
  event('poll.closed', { poll: pollViewSchema }),
  event('breakouts.opened', { breakouts: breakoutsViewSchema }),
  event('breakouts.updated', { breakouts: breakoutsViewSchema }),
  event('breakouts.closed', { breakouts: breakoutsViewSchema }),
] as const;

/** In the place of an event that is not for the one who is sent it: the chat's, for who has no chat. */
export const hiddenEvent = event('hidden', {});
export type HiddenEvent = z.infer<typeof hiddenEvent>;

const eventSchema = z.discriminatedUnion('type', [...roomEvents]);
export type RoomEvent = z.infer<typeof eventSchema>;

type Draft<E> = E extends RoomEvent ? Omit<E, 'seq' | 'at'> : never;
/** An event before it has its place. */
export type RoomEventDraft = Draft<RoomEvent>;

export type ChatEvent = Extract<RoomEvent, { type: `chat.${string}` }>;
export const CHAT_EVENTS = ['chat.message', 'chat.edited', 'chat.deleted', 'chat.reaction'] as const;
