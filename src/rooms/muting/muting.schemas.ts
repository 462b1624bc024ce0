import { z } from '@hono/zod-openapi';
import { TRACK_SOURCES } from '../../calls/clusters/index.ts';
import { idSchema } from '../../kernel/core/index.ts';

const participantId = idSchema('participant').describe('The participant.');
const trackSid = z.string().regex(/^TR_[\w-]{1,60}$/, "must be a track's sid");

export const muteSchema = z.strictObject({
  trackSid: trackSid
    .optional()
    .describe('LiveKit sid of the track to mute; absent for all tracks of the participant.'),
});
export type Mute = z.output<typeof muteSchema>;

export const muteAllSchema = z.strictObject({
  sources: z
    .array(z.enum(TRACK_SOURCES))
    .min(1)
    .max(5)
    .default(['microphone'])
    .describe('Sources of the tracks to mute, 1 to 5.'),
  except: z
    .array(idSchema('participant'))
    .max(1000)
    .default([])
    .describe('Ids of participants who stay unmuted besides the caller, at most 1,000.'),
});
export type MuteAll = z.output<typeof muteAllSchema>;

const mutedTrackSchema = z.object({
  participantId,
  trackSid: z.string().describe('LiveKit sid of the track.'),
});
export const mutedSchema = z
  .object({
    muted: z.array(mutedTrackSchema).describe('Tracks that are muted now.'),
    failed: z
      .array(mutedTrackSchema)
      .describe('Tracks that the media cluster has not muted; those in `pending` follow.'),
    pending: z
      .array(
        mutedTrackSchema.extend({
          trackSid: z
            .string()
            .nullable()
            .describe('LiveKit sid of the track; null for all tracks of the request.'),
        }),
      )
      .describe(
        'The tracks about which the media cluster did not answer within three seconds. They are muted as soon as ' +
          'it answers, within ten minutes; each is announced on the socket (`media.muted`).',
      ),
  })
  .openapi('MutedTracks');
export type MutedView = z.output<typeof mutedSchema>;
