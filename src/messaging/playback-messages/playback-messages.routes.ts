import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { playbackErrors, playbackTokenExample, playbackTokenSchema } from '../../media/playback/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { listPlaybackMessages } from './list-playback-messages.ts';

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
