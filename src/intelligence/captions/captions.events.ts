import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { CAPTION_END_REASONS } from './captions.enums.ts';

export const captionsChanged = defineEvent({
  type: 'captions.changed',
  description: 'Live captions of a call were switched on, changed, or have ended.',
  payload: z.object({
    captionId: idSchema('caption').describe('Id of the captions.'),
    roomId: idSchema('room').describe('The room.'),
    callId: idSchema('call').describe('The call.'),
    endReason: z.enum(CAPTION_END_REASONS).nullable().describe('Why they ended; null while they run.'),
  }),
  example: {
    captionId: exampleId('caption'),
    roomId: exampleId('room'),
    callId: exampleId('call'),
    endReason: null,
  },
  key: ({ captionId }) => captionId,
});

/** For modules that check what is said. */
export const captionsKept = defineEvent({
  type: 'captions.kept',
  description: 'What was said in a call became part of its transcript.',
  payload: z.object({
    roomId: idSchema('room').describe('The room.'),
    transcriptionId: idSchema('transcription').describe('The transcript.'),
    positions: z.array(z.int()).describe('Positions of the segments.'),
  }),
  example: { roomId: exampleId('room'), transcriptionId: exampleId('transcription'), positions: [12] },
  key: ({ transcriptionId }) => transcriptionId,
  internal: true,
});

export const captionEvents = [captionsChanged, captionsKept];
