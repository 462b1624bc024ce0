import { z } from '@hono/zod-openapi';
import { playbackErrors, playbackTokenExample, playbackTokenSchema } from '../../media/playback/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { readPlaybackTranscript } from './read-playback-transcript.ts';

const segmentSchema = z
  .object({
    atSeconds: z
      .number()
      .min(0)
      .describe('When the segment begins, in seconds from the beginning of the recording.'),
    text: z.string().describe('What was said, as corrected; empty for a gap.'),
    isGap: z.boolean().describe('Whether nothing was transcribed in this time.'),
    speaker: z
      .string()
      .nullable()
      .describe('Name in the call of the person who said it; null where it is not known.'),
  })
  .openapi('PlaybackSegment');

const transcriptSchema = z
  .object({
    segments: z
      .array(segmentSchema)
      .describe('What was said, in order, at most 5,000 segments; empty without a transcript.'),
    isComplete: z.boolean().describe('False when there are more segments than these.'),
  })
  .openapi('PlaybackTranscript');

export const playbackTranscriptRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/playback/transcript',
    operationId: 'getPlaybackTranscript',
    tag: 'Recordings',
    summary: 'Get a playback transcript',
    description:
      'Returns the newest transcript of the recording with its speakers, or else the ' +
      'captions of its call. The person who created the address needs `transcripts:read`. A token that ' +
      'does not work is answered with not found.',
    access: { kind: 'public', reason: 'the signature in the token is the credential' },
    limit: 'api',
    body: { schema: playbackTokenSchema, example: playbackTokenExample },
    roundTrips: {
      max: 3,
      reason:
        'the authority of the one for whom the address was made, when the recording was made, then its words',
    },
    success: {
      200: {
        description: 'The transcript',
        schema: transcriptSchema,
        example: {
          segments: [
            { atSeconds: 312.5, text: 'The budget is the next topic.', isGap: false, speaker: 'Ada' },
          ],
          isComplete: true,
        },
      },
    },
    errors: [playbackErrors.notFound],
    handle: (ctx, { body }) => readPlaybackTranscript(ctx, body.token),
    respond: (found) => ok(found),
  }),
];
