import { z } from '@hono/zod-openapi';
import { idSchema, lineSchema, linesSchema } from '../../kernel/core/index.ts';
import { defineCursorSchema } from '../sockets/index.ts';
import { captionClientFrames, spokenClientFrames } from './caption.schemas.ts';
import { MAX_EMOJI_PER_MESSAGE, MAX_EMOJI_PER_PERSON, MAX_FILES_PER_MESSAGE } from './protocol.enums.ts';

/** The protocol and its version: client and server agree on it in the handshake. */
export const ROOM_SUBPROTOCOL = 'auralink.v1';

/** Bytes of a client's frame at most. */
export const MAX_ROOM_FRAME_BYTES = 64 * 1024;

const FRAME_ID =
  'Names the frame in its `ack` or `error`. Random and unique for the identity, on all its devices.';
const id = z
  .string()
  .regex(/^[\w-]{8,64}$/, 'must be 8 to 64 letters, digits, _ or -')
  .openapi({ example: '7f1c6a52-0d0e-4c6b-9a5e-3a1f0f2b9c11' })
  .describe(`${FRAME_ID} A frame that is sent again with its id is acknowledged and not executed twice.`);
const optionalId = { id: id.optional().describe(`${FRAME_ID} Without an id there is no answer.`) };

const messageId = idSchema('message').describe('Id of the message.');
const chatTextSchema = linesSchema(4000)
  .openapi({ example: 'Can everybody see my screen?' })
  .describe('The text of the message, 1 to 4,000 characters.');
export const emojiSchema = lineSchema(32).openapi({ example: '👍' }).describe('One emoji.');

/** A flag, a keycap, or one pictograph or several joined ones, with their variants, skin tones and tags. */
const EMOJI =
  /^(?:\p{RI}{2}|[#*\d]\uFE0F?\u20E3|\p{ExtPict}[\uFE0E\uFE0F\p{EMod}]*[\u{E0020}-\u{E007F}]*(?:\u200D\p{ExtPict}[\uFE0F\p{EMod}]*)*)$/u;
/** A reaction is an emoji: text would be a message, possibly from people who may not use the chat. */
const sentEmojiSchema = emojiSchema.refine((text) => EMOJI.test(text), 'must be one emoji');

export const roomCursorSchema = defineCursorSchema({ epoch: '01jd3v7q8gf4kr2x6a0w9mznpe', seq: 42 });
export type RoomCursor = z.infer<typeof roomCursorSchema>;

export const hintSchema = z
  .strictObject({
    microphone: z.boolean().optional().describe('Whether the microphone is on.'),
    camera: z.boolean().optional().describe('Whether the camera is on.'),
    screenShare: z.boolean().optional().describe('Whether the screen is shared.'),
    speaking: z
      .boolean()
      .optional()
      .describe('Whether the person is speaking. Repeat it while it lasts: it ends after 60 seconds.'),
    network: z.enum(['good', 'poor', 'lost']).optional().describe('The quality of the connection.'),
  })
  .describe('Only the fields that changed.');

const frame = <const T extends string, S extends z.ZodRawShape>(type: T, shape: S, description?: string) => {
  const schema = z.strictObject({ type: z.literal(type), ...shape });
  return description === undefined ? schema : schema.describe(description);
};

/** What any client may send. Modules add frames of their own with `defineRoomVerb`. */
export const roomBaseFrames = [
  frame(
    'hello',
    {
      cursor: roomCursorSchema
        .nullable()
        .default(null)
        .describe('The last event received on an earlier socket; null to start from the present state.'),
    },
    'The first frame of a socket. From then on the socket receives events.',
  ),
  frame('ping', optionalId, 'Answered by `pong`. Without an id it is answered without waking the room.'),
  frame('ticket.refresh', optionalId, 'Asks for a new ticket, answered by a `ticket` frame.'),
  frame(
    'typing',
    { ...optionalId, on: z.boolean().describe('Whether the person is typing.') },
    'Shows everybody that the sender is typing or has stopped. Repeat it while it lasts: it ends after ten seconds, and with ' +
      'the socket.',
  ),
  frame('reaction', { ...optionalId, emoji: sentEmojiSchema }, 'Shows an emoji to everybody for a moment.'),
  frame(
    'media.hint',
    { ...optionalId, hint: hintSchema },
    "Shows everybody the sender's media state before the media server does. Not for viewers and observers.",
  ),
  frame(
    'presence.update',
    { id, status: z.enum(['active', 'away']).describe('Whether the person is at the device.') },
    "Changes the sender's status in the room.",
  ),
  frame('hand.raise', { id }, "Raises the sender's hand."),
  frame('hand.lower', { id }, "Lowers the sender's hand."),
  frame(
    'chat.send',
    {
      id,
      text: chatTextSchema,
      replyTo: messageId
        .nullable()
        .default(null)
        .describe('The message that this one answers; null for none.'),
      fileIds: z
        .array(idSchema('file'))
        .max(MAX_FILES_PER_MESSAGE)
        .refine((ids) => new Set(ids).size === ids.length, 'must name each file once')
        .optional()
        .describe(
          `Files to show, at most ${MAX_FILES_PER_MESSAGE}: they are shared in this room, are not private, and the sender may read them.`,
        ),
    },
    'Sends a chat message. The ack carries its `messageId`, and `held` when it waits for a review: then the ' +
      'others see it only after the review.',
  ),
  frame(
    'chat.edit',
    { id, messageId, text: chatTextSchema },
    "Replaces the text of one of the sender's messages.",
  ),
  frame(
    'chat.delete',
    { id, messageId },
    "Deletes one of the sender's messages, also one that waits for a review; hosts and moderators may delete every message that is shown.",
  ),
  frame(
    'chat.react',
    {
      id,
      messageId,
      emoji: sentEmojiSchema,
      on: z.boolean().describe('True adds the reaction, false removes it.'),
    },
    `Adds a reaction to a message, or removes it. A message can have ${MAX_EMOJI_PER_MESSAGE} different emoji, ` +
      `and ${MAX_EMOJI_PER_PERSON} from one person; both include reactions that were removed.`,
  ),
  frame(
    'chat.read',
    { ...optionalId, seq: z.number().int().nonnegative().describe('The last event read.') },
    'Marks everything up to an event as read.',
  ),
  frame(
    'chat.history',
    {
      id,
      threadId: messageId.optional().describe('Only messages of this thread.'),
      limit: z.number().int().min(1).max(100).default(50).describe('Messages at most, 1 to 100.'),
      cursor: z
        .string()
        .max(512)
        .optional()
        .describe('`nextCursor` of the page before; leave out for the newest.'),
    },
    'Reads older messages, newest first, answered by `chat.page`.',
  ),
  ...captionClientFrames({ id, optionalId }),
  ...spokenClientFrames({ id, optionalId }),
] as const;

export const roomBaseFrameSchema = z.discriminatedUnion('type', [...roomBaseFrames]);
export type RoomBaseFrame = z.infer<typeof roomBaseFrameSchema>;

/** The whole frame of a room verb: its id is required, so that it is answered and repeated safely. */
export const defineVerbFrame = <const T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  frame(type, { id, ...shape });
