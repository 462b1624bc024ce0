import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { defineRoomEvent } from './room-event.schemas.ts';
import { recordingConsentViewSchema, recordingViewSchema, streamViewSchema } from './protocol.schemas.ts';

/** Events about media of a call that is recorded or streamed. */
export const mediaEvents = [
  defineRoomEvent(
    'recording.running',
    { recording: recordingViewSchema },
    'The call is recorded, or is about to be.',
  ),
  defineRoomEvent(
    'recording.over',
    {
      recordingId: idSchema('recording').describe('The recording.'),
      failed: z.boolean().describe('Whether the recorder failed; otherwise it has stopped.'),
    },
    'A recording is over.',
  ),
  defineRoomEvent(
    'recording.consent_changed',
    { consent: recordingConsentViewSchema },
    'A person agreed to be recorded in this call, refused, or withdrew their consent.',
  ),
  defineRoomEvent(
    'stream.running',
    { stream: streamViewSchema },
    'The call is streamed live to the outside, or is about to be.',
  ),
  defineRoomEvent(
    'stream.over',
    {
      streamId: idSchema('stream').describe('The stream.'),
      failed: z.boolean().describe('Whether it failed; otherwise it has stopped.'),
    },
    'A live stream is over.',
  ),
] as const;
