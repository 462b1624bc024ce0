import { clusterErrors } from '../../calls/clusters/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { moderatorErrors } from '../access/index.ts';
import { moderationErrors, participantParamsSchema } from '../moderation/index.ts';
import { roomErrors, roomParamsSchema } from '../rooms/index.ts';
import { muteAll, muteParticipant } from './mute-participants.ts';
import { muteAllSchema, mutedSchema, type MutedView, muteSchema } from './muting.schemas.ts';

const tag = 'Moderation';
const participantsPath = '/api/v1/rooms/{roomId}/participants';
const participantPath = `${participantsPath}/{participantId}`;
/** The caller's role in the room decides, and guests can have any role. */
const access = { kind: 'permission', permission: 'rooms:read', guests: true } as const;
const { notModerator } = moderatorErrors;
const { notHost, participantNotFound, trackNotFound, noCall } = moderationErrors;
const targetErrors = [roomErrors.notFound, notModerator, notHost, participantNotFound] as const;

const mutedExample: MutedView = {
  muted: [{ participantId: 'prt_01jd3v7q8gf4kr2x6a0w9mznpe', trackSid: 'TR_AMq7ZpLw3nVx8K' }],
  failed: [],
  pending: [],
};
const mutedResponse = {
  200: { description: 'The muted tracks', schema: mutedSchema, example: mutedExample },
};

export const mutingRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: `${participantPath}/mute`,
    operationId: 'muteParticipant',
    tag,
    summary: 'Mute a participant',
    description:
      'Mutes one track of a participant, or all of them. The participant can unmute themselves. While the media ' +
      'cluster does not answer, the request is kept, and `pending` names the tracks that will be muted. Hosts and ' +
      'moderators can do this; only hosts can do it to a host.',
    access,
    limit: 'api',
    params: participantParamsSchema,
    body: { schema: muteSchema, example: {} },
    success: mutedResponse,
    errors: [...targetErrors, trackNotFound, noCall, clusterErrors.unavailable, clusterErrors.refused],
    handle: (ctx, { params, body }) => muteParticipant(ctx, params, params.participantId, body),
    respond: (view) => ok(view),
  }),
  defineRoute({
    method: 'post',
    path: `${participantsPath}/mute-all`,
    operationId: 'muteParticipants',
    tag,
    summary: 'Mute all participants',
    description:
      'Mutes the microphones, or the named sources, of everybody but the caller. While the media cluster does not ' +
      'answer, the request is kept, and `pending` names the tracks that will be muted. Hosts and moderators can ' +
      'do this; hosts are muted only when the caller is one.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    body: { schema: muteAllSchema, example: {} },
    timeLimitSeconds: 60,
    success: mutedResponse,
    errors: [roomErrors.notFound, notModerator, noCall, clusterErrors.unavailable, clusterErrors.refused],
    handle: (ctx, { params, body }) => muteAll(ctx, params, body),
    respond: (view) => ok(view),
  }),
];
