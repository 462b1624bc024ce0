import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { RECORDING_REASONS, RECORDING_STATES } from './recordings.enums.ts';

export const recordingChanged = defineEvent({
  type: 'recording.changed',
  description: 'The state of a recording changed, or somebody asked to stop or delete it.',
  payload: z.object({
    recordingId: idSchema('recording').describe('Id of the recording.'),
    roomId: idSchema('room').describe('Id of the room.'),
    callId: idSchema('call').describe('Id of the call.'),
    state: z.enum(RECORDING_STATES).describe('Its state.'),
    reason: z
      .enum(RECORDING_REASONS)
      .nullable()
      .describe('Why it is in this state; null when the state explains itself.'),
  }),
  example: {
    recordingId: exampleId('recording'),
    roomId: exampleId('room'),
    callId: exampleId('call'),
    state: 'ready',
    reason: null,
  },
  key: ({ recordingId }) => recordingId,
});

/** Brings a report of the cluster, which names no organization, to the organization of the recording. */
export const recordingFollowed = defineEvent({
  type: 'recording.followed',
  description: 'A cluster reported on a recording, whose state has to be checked.',
  payload: z.object({ recordingId: idSchema('recording').describe('Id of the recording.') }),
  example: { recordingId: exampleId('recording') },
  key: ({ recordingId }) => recordingId,
  internal: true,
});

/** An event of its own, because a delayed one holds back those after it with the same key. */
export const recordingBegun = defineEvent({
  type: 'recording.begun',
  description: 'A cluster was asked to begin a recording some seconds ago, and should have it now.',
  payload: z.object({ recordingId: idSchema('recording').describe('Id of the recording.') }),
  example: { recordingId: exampleId('recording') },
  key: ({ recordingId }) => recordingId,
  internal: true,
});

/** Also of its own, for the same reason. */
export const recordingConsentDue = defineEvent({
  type: 'recording.consent_due',
  description: 'The time in which everybody in the call had to agree to a recording is over.',
  payload: z.object({ recordingId: idSchema('recording').describe('Id of the recording.') }),
  example: { recordingId: exampleId('recording') },
  key: ({ recordingId }) => recordingId,
  internal: true,
});

export const recordingEvents = [recordingChanged, recordingFollowed, recordingBegun, recordingConsentDue];
