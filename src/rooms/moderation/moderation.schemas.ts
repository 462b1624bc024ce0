import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { TRACK_SOURCES } from '../../calls/clusters/index.ts';
import { PEOPLE_ROLES, roomIdSchema, roomRoleSchema } from '../rooms/index.ts';

const participantId = idSchema('participant');
const participantIds = z.array(participantId).max(1000);
const trackSid = z.string().regex(/^TR_[\w-]{1,60}$/, "must be a track's sid");

export const participantParamsSchema = z.strictObject({ roomId: roomIdSchema, participantId });

export const muteSchema = z.strictObject({
  /** Absent for all of their tracks. */
  trackSid: trackSid.optional(),
});
export type Mute = z.output<typeof muteSchema>;

export const muteAllSchema = z.strictObject({
  sources: z.array(z.enum(TRACK_SOURCES)).min(1).max(5).default(['microphone']),
  /** Participants who stay as they are, besides the caller. */
  except: participantIds.default([]),
});
export type MuteAll = z.output<typeof muteAllSchema>;

const mutedTrackSchema = z.object({ participantId, trackSid: z.string() });
export const mutedSchema = z
  .object({
    muted: z.array(mutedTrackSchema),
    /** What the cluster did not do; asking again may. */
    failed: z.array(mutedTrackSchema),
  })
  .openapi('MutedTracks');
export type MutedView = z.output<typeof mutedSchema>;

export const changeRoleSchema = z.strictObject({ role: z.enum(PEOPLE_ROLES) });
export type ChangeRole = z.output<typeof changeRoleSchema>;

export const participantRoleSchema = z
  .object({ participantId, identity: z.string(), role: roomRoleSchema })
  .openapi('ParticipantRole');
export type ParticipantRoleView = z.output<typeof participantRoleSchema>;

export const spotlightSchema = z.strictObject({ participantId });

/** As much as LiveKit carries in one piece. */
export const MAX_DATA_BYTES = 15_000;

/** Whether it can be sent: what is nested too deeply cannot even be written down. */
function fitsInPacket(value: unknown): boolean {
  try {
    return new TextEncoder().encode(JSON.stringify(value)).length <= MAX_DATA_BYTES;
  } catch {
    return false;
  }
}

export const sendDataSchema = z.strictObject({
  topic: z
    .string()
    .min(1)
    .max(64)
    .refine((text) => text.isWellFormed(), 'must be well-formed text'),
  payload: z.unknown().refine(fitsInPacket, `must have at most ${MAX_DATA_BYTES} bytes as JSON`),
  /** Participants; absent for everybody. */
  to: participantIds.min(1).optional(),
});
export type SendData = z.output<typeof sendDataSchema>;

/** no_call: nobody is connected to media. */
const DATA_DELIVERIES = ['sent', 'failed', 'no_call'] as const;
export const dataSentSchema = z
  .object({ media: z.enum(DATA_DELIVERIES), live: z.enum(DATA_DELIVERIES).exclude(['no_call']) })
  .openapi('DataSent');
export type DataSentView = z.output<typeof dataSentSchema>;
