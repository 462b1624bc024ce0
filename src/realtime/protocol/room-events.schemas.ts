import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { captionEvents } from './caption.schemas.ts';
import { emojiSchema } from './client-frames.schemas.ts';
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
import { messageFileSchema } from './room-views.schemas.ts';
import { defineRoomEvent } from './room-event.schemas.ts';
import { mediaEvents } from './media-events.schemas.ts';

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

const poll = { poll: pollViewSchema };
const breakouts = { breakouts: breakoutsViewSchema };

export const roomEvents = [
  defineRoomEvent('presence.joined', { person: personViewSchema }, 'A person joined.'),
  defineRoomEvent(
    'presence.updated',
    { identity: identitySchema, status: z.enum(['active', 'away']).describe('The new status.') },
    'The status of a person changed.',
  ),
  defineRoomEvent('presence.left', { identity: identitySchema }, 'A person left.'),
  defineRoomEvent(
    'participant.role',
    { identity: identitySchema, role: roomRoleSchema, by },
    'The role of a person changed.',
  ),
  defineRoomEvent(
    'participant.removed',
    { identity: identitySchema, reason: z.string().describe('The reason that was given.'), by },
    'A person was removed from the room.',
  ),
  defineRoomEvent('hand.raised', { identity: identitySchema }, 'A person raised their hand.'),
  defineRoomEvent(
    'hand.lowered',
    { identity: identitySchema.nullable().describe('The person; null for all hands.'), by },
    'A hand was lowered, or all of them.',
  ),
  defineRoomEvent(
    'spotlight.changed',
    { identity: identitySchema.nullable().describe('The person in the spotlight; null for none.'), by },
    'The spotlight changed.',
  ),
  defineRoomEvent(
    'room.locked',
    { locked: z.boolean().describe('Whether the room is locked.'), by },
    'The room was locked or unlocked.',
  ),
  defineRoomEvent(
    'room.updated',
    {
      name: z.string().nullable().describe('The name; null for none.'),
      features: featuresSchema.partial().describe('Features that were switched on or off for everybody.'),
      by,
    },
    "The room's name or features changed.",
  ),
  defineRoomEvent(
    'room.ended',
    { reason: z.string().describe('The reason that was given.'), by },
    'The room ended. All sockets close.',
  ),
  defineRoomEvent(
    'call.started',
    {
      callId: idSchema('call').describe('The call.'),
      startedAt: timestampSchema.describe('When it started.'),
    },
    'A call started.',
  ),
  defineRoomEvent(
    'call.ended',
    { callId: idSchema('call').describe('The call.'), endedAt: timestampSchema.describe('When it ended.') },
    'A call ended.',
  ),
  defineRoomEvent(
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
  defineRoomEvent(
    'chat.edited',
    { messageId, identity: identitySchema.describe('The sender.'), text: chatText },
    'The text of a message was replaced.',
  ),
  defineRoomEvent(
    'chat.deleted',
    { messageId, by: identitySchema.describe('The person or agent who deleted it.') },
    'A message was deleted.',
  ),
  defineRoomEvent(
    'chat.reaction',
    {
      messageId,
      identity: identitySchema.describe('The person who reacted.'),
      emoji: emojiSchema,
      on: z.boolean().describe('True when it was added, false when it was removed.'),
    },
    'A reaction was added to a message or removed.',
  ),
  ...captionEvents,
  defineRoomEvent('poll.opened', poll, 'A poll was opened.'),
  defineRoomEvent('poll.updated', poll, 'The results of a poll changed.'),
  defineRoomEvent('poll.closed', poll, 'A poll was closed.'),
  defineRoomEvent('breakouts.opened', breakouts, 'Breakout rooms were opened.'),
  defineRoomEvent('breakouts.updated', breakouts, 'The breakout rooms or their people changed.'),
  defineRoomEvent('breakouts.closed', breakouts, 'The breakout rooms were closed.'),
  ...mediaEvents,
] as const;

/** Stands in for a chat event where the receiver has no chat, so that their numbers have no holes. */
export const hiddenEvent = defineRoomEvent(
  'hidden',
  {},
  'Replaces a chat event that the receiver may not see.',
);
export type HiddenEvent = z.infer<typeof hiddenEvent>;

const eventSchema = z.discriminatedUnion('type', [...roomEvents]);
export type RoomEvent = z.infer<typeof eventSchema>;

type Draft<E> = E extends RoomEvent ? Omit<E, 'seq' | 'at'> : never;
/** An event before it has its number. */
export type RoomEventDraft = Draft<RoomEvent>;

export type ChatEvent = Extract<RoomEvent, { type: `chat.${string}` }>;
export const CHAT_EVENTS = ['chat.message', 'chat.edited', 'chat.deleted', 'chat.reaction'] as const;
