import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { recordingKindSchema } from '../recordings/index.ts';
import { CHAPTER_TYPES } from './playback.rules.ts';

export const playbackAddressSchema = z
  .object({
    url: z.string().describe('Address of the page. The token follows `#`, so that no server sees it.'),
    token: z.string().describe('Token for a player of your own.'),
    expiresAt: z.iso.datetime().describe('When both stop working.'),
  })
  .openapi('PlaybackAddress');

export const playbackAddressExample = {
  url: 'https://api.auralink.example/playback#eyJhbGciOiJFZERTQSJ9',
  token: 'eyJhbGciOiJFZERTQSJ9',
  expiresAt: '2026-01-05T14:30:00.000Z',
};

export const playbackTokenSchema = z.strictObject({
  token: z
    .string()
    .max(2000)
    .regex(/^[\w.-]+$/, 'must be the token of a playback address')
    .describe('The token of the playback address.'),
});
export const playbackTokenExample = { token: 'eyJhbGciOiJFZERTQSJ9' };

const seconds = (description: string) => z.number().min(0).describe(description);
const stretchSchema = z
  .object({
    fromSeconds: seconds('Where it begins, in seconds from the beginning of the recording.'),
    toSeconds: seconds('Where it ends, in seconds from the beginning of the recording.'),
  })
  .openapi('Stretch', { description: 'A part of a recording.' });

const personSchema = z
  .object({
    participantId: idSchema('participant').describe('Id of the participant in the call.'),
    name: z.string().describe('Their latest name in the call.'),
    present: z.array(stretchSchema).describe('When they were connected.'),
    sharing: z.array(stretchSchema).describe('When they shared their screen.'),
  })
  .openapi('RecordedPerson');

const chapterSchema = z
  .object({
    atSeconds: seconds('Where it begins, in seconds from the beginning of the recording.'),
    type: z.enum(CHAPTER_TYPES).describe('What changed at that moment; `start` is the beginning.'),
    name: z.string().nullable().describe('Name of the person whom it is about; null for the beginning.'),
  })
  .openapi('Chapter');

const topicSchema = z
  .object({
    atSeconds: seconds('Where it begins, in seconds from the beginning of the recording.'),
    title: z.string().describe('The topic.'),
  })
  .openapi('Topic');

/** Without details for its managers: holds, ids, storage. */
const playedRecordingSchema = z
  .object({
    id: idSchema('recording').describe('Id of the recording.'),
    kind: recordingKindSchema,
    startedAt: z.iso.datetime().describe('When it began.'),
    durationSeconds: z.number().nullable().describe('Duration in seconds; null when it is not known.'),
    sizeBytes: z.int().nullable().describe('Size of its file in bytes; null when it is not known.'),
  })
  .openapi('PlayedRecording');

export const playbackSchema = z
  .object({
    roomName: z.string().describe('Name of the room that was recorded.'),
    recording: playedRecordingSchema.describe('The recording.'),
    media: z
      .object({
        url: z.string().describe('Address of the file, which answers ranges.'),
        expiresAt: z.iso
          .datetime()
          .describe('When that address stops working; opening the playback again gives another one.'),
      })
      .describe('Where its file is.'),
    people: z
      .array(personSchema)
      .describe(
        'Everybody who was in the call while it was recorded, in the order in which they came; at most 200.',
      ),
    chapters: z
      .array(chapterSchema)
      .describe(
        'What changed in the call, in the order of time. The media cluster reports times in whole seconds.',
      ),
    topics: z
      .array(topicSchema)
      .describe('Topics, in the order of time; empty unless a meeting workflow has found some.'),
  })
  .openapi('Playback', { description: 'What a player needs to show a recording.' });
export type PlaybackView = z.output<typeof playbackSchema>;

const participantId = exampleId('participant');
export const playbackExample: PlaybackView = {
  roomName: 'Weekly planning',
  recording: {
    id: exampleId('recording'),
    kind: 'composite',
    startedAt: '2026-01-05T09:30:04.000Z',
    durationSeconds: 1_804.2,
    sizeBytes: 48_210_944,
  },
  media: {
    url: 'https://s3.storage.example/northwind-calls/recording.mp4?X-Amz-Signature=…',
    expiresAt: '2026-01-05T11:30:00.000Z',
  },
  people: [
    {
      participantId,
      name: 'Ada',
      present: [{ fromSeconds: 0, toSeconds: 1_800 }],
      sharing: [{ fromSeconds: 300, toSeconds: 900 }],
    },
  ],
  chapters: [
    { atSeconds: 0, type: 'start', name: null },
    { atSeconds: 300, type: 'screen_share_started', name: 'Ada' },
    { atSeconds: 900, type: 'screen_share_ended', name: 'Ada' },
  ],
  topics: [{ atSeconds: 12.5, title: 'Contract' }],
};
