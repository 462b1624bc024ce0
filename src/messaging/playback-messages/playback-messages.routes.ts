import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { playbackErrors, playbackTokenExample, playbackTokenSchema } from '../../media/playback/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { listPlaybackMessages } from './list-playback-messages.ts';

const fileSchema = z
  .object({
    fileId: idSchema('file').describe('Id of the file.'),
    name: z.string().nullable().describe('Name of the file; null when it is not shared any more.'),
    contentType: z
      .string()
      .nullable()
      .describe('Media type by its content; null when it is not shared any more.'),
    sizeBytes: z.int().nullable().describe('Size in bytes; null when it is not shared any more.'),
    url: z
      .string()
      .nullable()
      .describe(
        'Address of its bytes for an hour; null when the person who made the playback address may not read it, and beyond the first 200 files.',
      ),
  })
  .openapi('PlaybackFile');

const messagesSchema = z
  .object({
    messages: z
      .array(
        z.object({
          messageId: idSchema('message').describe('Id of the message.'),
          name: z.string().describe('Name of the sender at that time.'),
          text: z.string().describe('The text, as it is now.'),
          atSeconds: z
            .number()
            .min(0)
            .describe('When it was sent, in seconds from the beginning of the recording.'),
          files: z.array(fileSchema).describe('The files that it shows, as they are now.'),
        }),
      )
      .describe('The messages in their order, at most 1,000; deleted ones are left out.'),
    isComplete: z.boolean().describe('False when there are more messages than these.'),
  })
  .openapi('PlaybackMessages');

export const playbackMessageRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/playback/messages',
    operationId: 'listPlaybackMessages',
    tag: 'Recordings',
    summary: 'List playback messages',
    description:
      'Returns the chat messages that were sent while the recording was made, if the person who made the address may read the chat ' +
      'of the room. A token that does not work, for whatever reason, is not found.',
    access: { kind: 'public', reason: 'the signature in the token is the credential' },
    limit: 'api',
    body: { schema: playbackTokenSchema, example: playbackTokenExample },
    roundTrips: {
      max: 3,
      reason:
        'the authority of the one for whom the address was made, when the recording was made, then the chat',
    },
    success: {
      200: {
        description: 'The messages',
        schema: messagesSchema,
        example: {
          messages: [
            {
              messageId: exampleId('message'),
              name: 'Ada',
              text: 'Can everybody see my screen?',
              atSeconds: 312.5,
              files: [
                {
                  fileId: exampleId('file'),
                  name: 'whiteboard.jpg',
                  contentType: 'image/jpeg',
                  sizeBytes: 48_213,
                  url: 'https://auralink.example/api/v1/downloads/eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJmaWxlIn0.c2ln',
                },
              ],
            },
          ],
          isComplete: true,
        },
      },
    },
    errors: [playbackErrors.notFound],
    handle: (ctx, { body }) => listPlaybackMessages(ctx, body.token),
    respond: (found) => ok(found),
  }),
];
