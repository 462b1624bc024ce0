import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { captionsViewSchema } from './caption.schemas.ts';
import { emojiSchema } from './client-frames.schemas.ts';
import {
  breakoutsViewSchema,
  featuresSchema,
  identitySchema,
  nameSchema,
  pollViewSchema,
  recordingConsentViewSchema,
  recordingViewSchema,
  roomIdSchema,
  roomRoleSchema,
  streamViewSchema,
  timestampSchema,
} from './protocol.schemas.ts';

export const youSchema = z
  .object({
    identity: identitySchema,
    name: nameSchema,
    role: roomRoleSchema,
    participantId: idSchema('participant')
      .nullable()
      .describe('Your part in the call; null while not in it.'),
    features: featuresSchema.describe('What you may use now.'),
    readSeq: z.number().int().nonnegative().describe('The last event that you have read, on any device.'),
  })
  .describe('You, as the room knows you.');

/** Everything that events are about, as it is after the last of them. */
export const stateSchema = z
  .object({
    name: z.string().nullable().describe("The room's name; null for none."),
    locked: z.boolean().describe('Whether the room is locked.'),
    features: featuresSchema.partial().describe('Features that were switched on or off for everybody.'),
    spotlight: identitySchema.nullable().describe('The person in the spotlight; null for none.'),
    call: z
      .object({ callId: idSchema('call').describe('The call.'), startedAt: timestampSchema })
      .nullable()
      .describe('The call in the room; null for none.'),
    recordings: z.array(recordingViewSchema).describe('The recordings that run or are about to begin.'),
    recordingConsents: z
      .array(recordingConsentViewSchema)
      .describe('The answers of people to whether they agree to be recorded in this call, up to 1,000.'),
    streams: z.array(streamViewSchema).describe('The live streams that are sent or are about to begin.'),
    captions: captionsViewSchema.nullable().describe('The live captions of the call; null for none.'),
    polls: z.array(pollViewSchema).describe('Open polls and the last closed ones.'),
    breakouts: z.array(breakoutsViewSchema).describe('The breakout rooms that are open.'),
  })
  .describe('The state of the room after its last event.');
export type StateView = z.infer<typeof stateSchema>;

export const limitsSchema = z
  .object({
    frameBytes: z.number().int().describe('Bytes of a frame at most.'),
    framesPerSecond: z.number().describe('Frames a second, on average.'),
    pingSeconds: z.number().int().describe('Seconds between two pings.'),
  })
  .describe('What the socket accepts.');

const ofDeletedFile = 'null once the file was deleted or is no longer shared in the room';

/** A file that a message shows. */
export const messageFileSchema = z
  .object({
    fileId: idSchema('file').describe(
      'The file: its bytes are at `downloadFile`, for those who may read it.',
    ),
    name: z.string().nullable().describe(`Its name; ${ofDeletedFile}.`),
    contentType: z.string().nullable().describe(`Its media type, by its content; ${ofDeletedFile}.`),
    sizeBytes: z.int().nullable().describe(`Its size in bytes; ${ofDeletedFile}.`),
    preview: z
      .object({
        image: z.string().describe('Name of its smallest image, for `downloadPreview`.'),
        width: z.int().describe('Width of the picture or video in pixels.'),
        height: z.int().describe('Height of the picture or video in pixels.'),
        blurhash: z.string().describe('A blurred image (BlurHash), to show until another has arrived.'),
      })
      .nullable()
      .describe(
        'A small image of it; null without one, until it is made, and for people who may not read the file. Frames have it when ' +
          'everybody in the call may read the file.',
      ),
  })
  .openapi('MessageFile')
  .describe('A file that a chat message shows.');
export type MessageFile = z.infer<typeof messageFileSchema>;

/** A message as the history stores it. */
export const chatMessageSchema = z
  .object({
    messageId: idSchema('message').describe('The message.'),
    identity: identitySchema.describe('The sender.'),
    name: nameSchema,
    text: z.string().describe('The text; empty once the message was deleted.'),
    threadId: idSchema('message')
      .nullable()
      .describe('The first message of its thread; null outside of threads.'),
    replyTo: idSchema('message').nullable().describe('The message that it answers; null for none.'),
    files: z.array(messageFileSchema).describe('The files that it shows; none once it was deleted.'),
    sentAt: timestampSchema.describe('When it was sent, ISO 8601 in UTC.'),
    editedAt: timestampSchema
      .nullable()
      .describe('When it was last edited, ISO 8601 in UTC; null for never.'),
    deletedAt: timestampSchema.nullable().describe('When it was deleted, ISO 8601 in UTC; null for never.'),
    reactions: z
      .array(
        z.object({
          emoji: emojiSchema,
          identities: z.array(identitySchema).describe('The people who reacted with it.'),
        }),
      )
      .describe('The reactions to it.'),
  })
  .openapi('ChatMessage')
  .describe('A chat message.');
export type ChatMessage = z.infer<typeof chatMessageSchema>;

export const moveSchema = z
  .object({
    toRoomId: roomIdSchema.describe('The room to go to.'),
    ticket: z.string().nullable().describe('Opens the socket of that room; null: ask the API for one.'),
    by: identitySchema.nullable().describe('The identity that decided; null for the platform.'),
  })
  .nullable()
  .describe(
    'The room that you were moved to and have not entered yet, for ten minutes after the move; null for none. It ' +
      'includes a `participant.moved` that was sent while the socket was closed.',
  );
