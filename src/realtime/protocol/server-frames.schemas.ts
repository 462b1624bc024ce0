import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { sendRecommendationSchema } from '../send-settings/index.ts';
import { errorFrameFields, gapReasonSchema } from '../sockets/index.ts';
import { captionServerFrames } from './caption.schemas.ts';
import { emojiSchema, hintSchema, roomCursorSchema } from './client-frames.schemas.ts';
import {
  roomEvents,
  hiddenEvent,
  type HiddenEvent,
  personViewSchema,
  type RoomEvent,
} from './room-events.schemas.ts';
import {
  identitySchema,
  lobbyEntrySchema,
  reviewNoticeFields,
  roomIdSchema,
  timestampSchema,
} from './protocol.schemas.ts';
import { chatMessageSchema, limitsSchema, moveSchema, stateSchema, youSchema } from './room-views.schemas.ts';

const frame = <const T extends string, S extends z.ZodRawShape>(type: T, shape: S, description: string) =>
  z.object({ type: z.literal(type), ...shape }).describe(description);

const by = identitySchema.nullable().describe('The identity that decided; null for the platform.');
const seq = z.number().int().nonnegative();
const frameId = z.string().describe('The id of the frame that is answered.');
const decision = z
  .enum(['admitted', 'denied', 'cancelled', 'expired'])
  .describe('The decision about the person in the lobby.');

const lobby = z
  .array(lobbyEntrySchema)
  .nullable()
  .describe('The people in the lobby, for hosts and moderators; null for everybody else.');

/** Frames without a number: answers, frames for one person, and what is not worth storing. They are never replayed. */
const transientFrames = [
  frame(
    'welcome',
    {
      cursor: roomCursorSchema,
      you: youSchema,
      roster: z.array(personViewSchema).describe('The people in the room, without observers.'),
      state: stateSchema,
      lobby,
      limits: limitsSchema,
      move: moveSchema,
    },
    'Answers a hello without a cursor, or follows a gap: the room as it is now.',
  ),
  frame(
    'resumed',
    {
      from: seq.describe('The first event that follows.'),
      to: seq.describe('The last event that follows; below `from` when none was missed.'),
      you: youSchema,
      lobby,
      limits: limitsSchema,
      move: moveSchema,
    },
    'Answers a hello with a cursor: the events that were missed follow.',
  ),
  frame(
    'gap',
    {
      from: seq.describe('The first missing event.'),
      to: seq.describe('The last missing event; below `from` when none is known to be missing.'),
      reason: gapReasonSchema,
    },
    'Answers a hello whose cursor is too old: these events cannot be replayed. A welcome follows.',
  ),
  frame(
    'waiting',
    {
      entry: idSchema('lobbyEntry').describe('The entry in the lobby.'),
      decision: decision.nullable().describe('The decision; null while the person waits.'),
      limits: limitsSchema,
    },
    'Answers the hello of a person in the lobby.',
  ),
  frame(
    'ack',
    {
      id: frameId,
      seq: seq.nullable().describe('The number of the event that the frame caused; null for none.'),
      result: z.unknown().optional().describe('The result of the frame, if it has one.'),
    },
    'The frame was accepted, now or when it was sent before.',
  ),
  frame('error', errorFrameFields, 'The frame was refused.'),
  frame('pong', { id: frameId.optional() }, 'Answers a ping.'),
  frame(
    'ticket',
    {
      ticket: z.string().describe('The ticket.'),
      expiresAt: timestampSchema.describe('When it expires, ISO 8601 in UTC.'),
    },
    'A new ticket, which opens the next socket.',
  ),
  frame('you', { you: youSchema, lobby }, 'Your role or features changed.'),
  frame(
    'typing',
    { identity: identitySchema, on: z.boolean().describe('Whether the person is typing.') },
    'A person is typing or has stopped. Unless it is repeated, typing ends after ten seconds.',
  ),
  frame(
    'reaction',
    { identity: identitySchema, emoji: emojiSchema },
    'A person shows an emoji for a moment.',
  ),
  frame(
    'media.hint',
    { identity: identitySchema, hint: hintSchema },
    "A person's media changed or is about to. Unless it is repeated, speaking ends after 60 seconds.",
  ),
  frame(
    'media.muted',
    { trackSid: z.string().nullable().describe('The track at the media server; null for all of them.'), by },
    'Your media was muted by a moderator.',
  ),
  frame('media.recommended', { recommendation: sendRecommendationSchema }, 'How to send from now on.'),
  frame(
    'chat.read',
    { identity: identitySchema, seq: seq.describe('The last event that the person has read.') },
    'A person has read the chat.',
  ),
  frame(
    'chat.page',
    {
      id: frameId,
      data: z.array(chatMessageSchema).describe('Messages, newest first.'),
      nextCursor: z.string().nullable().describe('Opens the next page; null on the last one.'),
    },
    'Answers `chat.history`.',
  ),
  ...captionServerFrames,
  frame(
    'participant.moved',
    {
      toRoomId: roomIdSchema.describe('The room to go to.'),
      ticket: z.string().nullable().describe('Opens the socket of that room; null: ask the API for one.'),
      by,
    },
    'You are moved to another room.',
  ),
  frame(
    'lobby.waiting',
    { entry: lobbyEntrySchema },
    'A person waits in the lobby. For hosts and moderators.',
  ),
  frame(
    'lobby.decided',
    {
      lobbyEntryId: idSchema('lobbyEntry').describe('The entry in the lobby.'),
      identity: identitySchema,
      decision,
      by,
    },
    'A person in the lobby was admitted or denied, or their entry ended. For hosts, moderators and that person.',
  ),
  frame(
    'moderation.review',
    reviewNoticeFields,
    'A review of a message or caption was created or decided. For hosts and moderators.',
  ),
  frame(
    'data',
    {
      topic: z.string().describe('The subject of the data, for programs.'),
      payload: z.unknown().describe('The data.'),
      by,
    },
    'Data from another part of the product.',
  ),
  frame(
    'notice',
    {
      level: z.enum(['info', 'warning']).describe('How important it is.'),
      code: z.string().describe('Stable and dotted, for programs.'),
      text: z.string().describe('For people.'),
    },
    'A message from the platform.',
  ),
] as const;

const transientFrameSchema = z.discriminatedUnion('type', [...transientFrames]);
export type TransientFrame = z.infer<typeof transientFrameSchema>;

/** Everything that a client may receive. */
export const roomServerFrames = [...transientFrames, ...roomEvents, hiddenEvent] as const;
export const roomServerFrameSchema = z.discriminatedUnion('type', [...roomServerFrames]);
export type RoomServerFrame = TransientFrame | RoomEvent | HiddenEvent;
