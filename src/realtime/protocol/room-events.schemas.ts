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
  recordingConsentViewSchema,
  recordingViewSchema,
  roomRoleSchema,
} from './protocol.schemas.ts';
import { messageFileSchema } from './room-views.schemas.ts';

const messageId = idSchema('message').describe('The message.');
const by = identitySchema.nullable().describe('The identity that decided; null for the platform.');
const chatText = z
  .string()
  .max(4000)
  .openapi({ example: 'Can everybody see my screen?' })
  .describe('The text. Empty in a replay once the message was deleted, or a later edit replaced this one.');

export const personViewSchema = z
  .object({
    identity: identitySchema,
    name: nameSchema,
    role: roomRoleSchema,
    kind: z.enum(CALLER_KINDS).describe('A user, a guest, a service or an agent.'),
    participantId: idSchema('participant')
      .nullable()
      .describe('Their part in the call; null while not in it.'),
    status: z.enum(['active', 'away']).describe('Whether the person is at the device.'),
    handRaisedAt: timestampSchema
      .nullable()
      .describe('When the hand was raised, ISO 8601 in UTC; null while it is down.'),
    joinedAt: timestampSchema.describe('When they joined, ISO 8601 in UTC.'),
  })
  .openapi('LivePerson')
  .describe('A person in the room, as everybody in it sees them.');
export type PersonView = z.infer<typeof personViewSchema>;

/**
 * An event has a number in the room's one order, is stored for a while, and is received by everybody in the room exactly
 * once. It carries the new state, never the difference.
 */
const event = <const T extends string, S extends z.ZodRawShape>(type: T, shape: S, description: string) =>
  z
    .object({
      type: z.literal(type),
      seq: z.number().int().min(1).describe("The event's number; the next one has the next number."),
      at: timestampSchema.describe('When it happened, ISO 8601 in UTC.'),
      ...shape,
    })
    .describe(description);

const poll = { poll: pollViewSchema };
const breakouts = { breakouts: breakoutsViewSchema };

export const roomEvents = [
  event('presence.joined', { person: personViewSchema }, 'A person joined.'),
  event(
    'presence.updated',
    { identity: identitySchema, status: z.enum(['active', 'away']).describe('The new status.') },
    'The status of a person changed.',
  ),
  event('presence.left', { identity: identitySchema }, 'A person left.'),
  event(
    'participant.role',
    { identity: identitySchema, role: roomRoleSchema, by },
    'The role of a person changed.',
  ),
  event(
    'participant.removed',
    { identity: identitySchema, reason: z.string().describe('The reason that was given.'), by },
    'A person was removed from the room.',
  ),
  event('hand.raised', { identity: identitySchema }, 'A person raised their hand.'),
  event(
    'hand.lowered',
    { identity: identitySchema.nullable().describe('The person; null for all hands.'), by },
    'A hand was lowered, or all of them.',
  ),
  event(
    'spotlight.changed',
    { identity: identitySchema.nullable().describe('The person in the spotlight; null for none.'), by },
    'The spotlight changed.',
  ),
  event(
    'room.locked',
    { locked: z.boolean().describe('Whether the room is locked.'), by },
    'The room was locked or unlocked.',
  ),
  event(
    'room.updated',
    {
      name: z.string().nullable().describe('The name; null for none.'),
      features: featuresSchema.partial().describe('Features that were switched on or off for everybody.'),
      by,
    },
    "The room's name or features changed.",
  ),
  event(
    'room.ended',
    { reason: z.string().describe('The reason that was given.'), by },
    'The room ended. All sockets close.',
  ),
  event(
    'call.started',
    {
      callId: idSchema('call').describe('The call.'),
      startedAt: timestampSchema.describe('When it started.'),
    },
    'A call started.',
  ),
  event(
    'call.ended',
    { callId: idSchema('call').describe('The call.'), endedAt: timestampSchema.describe('When it ended.') },
    'A call ended.',
  ),
  event(
    'chat.message',
    {
      messageId,
      identity: identitySchema.describe('The sender.'),
      name: nameSchema,
      text: chatText,
      threadId: messageId.nullable().describe('The first message of its thread; null outside of threads.'),
      replyTo: messageId.nullable().describe('The message that it answers; null for none.'),
      files: z
        .array(messageFileSchema)
        .optional()
        .describe(
          'The files that it shows, as they were when it was sent; absent for none, and once it was deleted.',
        ),
    },
    'A chat message was sent.',
  ),
  event(
    'chat.edited',
    { messageId, identity: identitySchema.describe('The sender.'), text: chatText },
    'The text of a message was replaced.',
  ),
  event(
    'chat.deleted',
    { messageId, by: identitySchema.describe('The person or agent who deleted it.') },
    'A message was deleted.',
  ),
  event(
    'chat.reaction',
    {
      messageId,
      identity: identitySchema.describe('The person who reacted.'),
      emoji: emojiSchema,
      on: z.boolean().describe('True when it was added, false when it was removed.'),
    },
    'A reaction was added to a message or removed.',
  ),
  event(
    'caption.final',
    { ...captionFields, identity: identitySchema.describe('The agent that transcribed.') },
    'The final text of a caption.',
  ),
  event('poll.opened', poll, 'A poll was opened.'),
  event('poll.updated', poll, 'The results of a poll changed.'),
  event('poll.closed', poll, 'A poll was closed.'),
  event('breakouts.opened', breakouts, 'Breakout rooms were opened.'),
  event('breakouts.updated', breakouts, 'The breakout rooms or their people changed.'),
  event('breakouts.closed', breakouts, 'The breakout rooms were closed.'),
  event('recording.running', { recording: recordingViewSchema }, 'The call is recorded, or is about to be.'),
  event(
    'recording.over',
    {
      recordingId: idSchema('recording').describe('The recording.'),
      failed: z.boolean().describe('Whether the recorder failed; otherwise it has stopped.'),
    },
    'A recording is over: nothing is recorded by it any more.',
  ),
  event(
    'recording.consent_changed',
    { consent: recordingConsentViewSchema },
    'Somebody agreed to be recorded in this call, refused to, or withdrew their consent.',
  ),
] as const;

/** Stands in for a chat event where the receiver has no chat, so that their numbers have no holes. */
export const hiddenEvent = event('hidden', {}, 'Stands in for a chat event that the receiver may not see.');
export type HiddenEvent = z.infer<typeof hiddenEvent>;

const eventSchema = z.discriminatedUnion('type', [...roomEvents]);
export type RoomEvent = z.infer<typeof eventSchema>;

type Draft<E> = E extends RoomEvent ? Omit<E, 'seq' | 'at'> : never;
/** An event before it has its number. */
export type RoomEventDraft = Draft<RoomEvent>;

export type ChatEvent = Extract<RoomEvent, { type: `chat.${string}` }>;
export const CHAT_EVENTS = ['chat.message', 'chat.edited', 'chat.deleted', 'chat.reaction'] as const;
