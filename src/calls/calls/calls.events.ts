import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';

const callPayload = z.object({
  callId: idSchema('call').describe('Id of the call.'),
  roomId: idSchema('room').describe('Id of the room.'),
});
const callExample = { callId: exampleId('call'), roomId: exampleId('room') };

const participantPayload = callPayload.extend({
  participantId: idSchema('participant').describe('Id of the participant.'),
  identity: z.string().describe('Identity of the participant.'),
  connectionSid: z.string().describe('Id of the connection at the media server.'),
});
const participantExample = {
  ...callExample,
  participantId: exampleId('participant'),
  identity: exampleId('user'),
  connectionSid: 'PA_8fQ2',
};

const trackPayload = participantPayload.extend({
  trackSid: z.string().describe('Id of the track at the media server.'),
});
const trackExample = { ...participantExample, trackSid: 'TR_AM7c' };

const key = ({ callId }: { callId: string }) => callId;
const defineCallEvent = (type: string, description: string) =>
  defineEvent({ type, description, payload: callPayload, example: callExample, key });
const defineParticipantEvent = (type: string, description: string) =>
  defineEvent({ type, description, payload: participantPayload, example: participantExample, key });
const defineTrackEvent = (type: string, description: string) =>
  defineEvent({ type, description, payload: trackPayload, example: trackExample, key });

export const callStarted = defineCallEvent('call.started', 'The first participant joined a call.');
export const callEnded = defineCallEvent('call.ended', 'A call ended.');
export const participantJoined = defineParticipantEvent('participant.joined', 'A participant joined a call.');
export const participantLeft = defineParticipantEvent('participant.left', 'A participant left a call.');
export const trackPublished = defineTrackEvent('track.published', 'A participant published a track.');
export const trackUnpublished = defineTrackEvent('track.unpublished', 'A published track ended.');

/** More connections than one event names are in several events. */
export const MAX_TIMED_CONNECTIONS = 200;

/** Meters read the connections again; also an end that a sweep found, or that a late report corrected, is written here. */
export const connectionTimesChanged = defineEvent({
  type: 'call.connection_times_changed',
  description: 'The durations of connections of a call became known, or were corrected.',
  payload: callPayload.extend({
    connectionSids: z
      .array(z.string())
      .max(MAX_TIMED_CONNECTIONS)
      .describe('Ids of the connections at the media server.'),
  }),
  example: { ...callExample, connectionSids: ['PA_8fQ2'] },
  key,
  internal: true,
});

/** `rooms/moderation` removes the participant from the room. */
export const participantLimitExceeded = defineEvent({
  type: 'participant.limit_exceeded',
  description:
    'A participant has added more connections or tracks to a call than are allowed for one identity.',
  payload: callPayload.extend({
    participantId: idSchema('participant').describe('Id of the participant.'),
    identity: z.string().describe('Identity of the participant.'),
    connections: z.number().int(),
    tracks: z.number().int(),
  }),
  example: {
    ...callExample,
    participantId: exampleId('participant'),
    identity: exampleId('user'),
    connections: 501,
    tracks: 12,
  },
  key,
  internal: true,
});

export const callEvents = [
  callStarted,
  callEnded,
  participantJoined,
  participantLeft,
  trackPublished,
  trackUnpublished,
  participantLimitExceeded,
  connectionTimesChanged,
];
