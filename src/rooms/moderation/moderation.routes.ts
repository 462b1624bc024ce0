import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { clusterErrors } from '../../calls/clusters/index.ts';
import { accessErrors, moderatorErrors } from '../access/index.ts';
import { roomErrors, roomParamsSchema } from '../rooms/index.ts';
import { changeRole } from './change-role.ts';
import { liveRoutes } from './moderation-live.routes.ts';
import { moderationErrors } from './moderation.errors.ts';
import {
  changeRoleSchema,
  muteAllSchema,
  mutedSchema,
  type MutedView,
  muteSchema,
  participantParamsSchema,
  participantRoleSchema,
} from './moderation.schemas.ts';
import { muteAll, muteParticipant } from './mute-participants.ts';
import { readRoster } from './read-roster.ts';
import { readmitParticipant, removeParticipant } from './remove-participant.ts';
import { rosterExample, rosterSchema } from './roster.schemas.ts';

const tag = 'Moderation';
const participantsPath = '/api/v1/rooms/{roomId}/participants';
const participantPath = `${participantsPath}/{participantId}`;
/** Whether somebody moderates is for the room to say: also a guest may. */
const access = { kind: 'permission', permission: 'rooms:read', guests: true } as const;
const { notModerator } = moderatorErrors;
const { notHost, participantNotFound, trackNotFound, noCall, roleFixed } = moderationErrors;
const targetErrors = [roomErrors.notFound, notModerator, notHost, participantNotFound] as const;

const mutedExample: MutedView = {
  muted: [{ participantId: 'prt_01jd3v7q8gf4kr2x6a0w9mznpe', trackSid: 'TR_AMq7ZpLw3nVx8K' }],
  failed: [],
};
const mutedResponse = { 200: { description: 'What was muted', schema: mutedSchema, example: mutedExample } };

export const moderationRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: participantsPath,
    operationId: 'listRoomParticipants',
    tag,
    summary: 'Who is in the room at this moment, with their media and their sockets',
    description:
      'Out of what the media cluster and the live room say. When one of them does not answer, `missing` names it and ' +
      'the rest is told all the same.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    success: { 200: { description: 'Everybody who is there', schema: rosterSchema, example: rosterExample } },
    errors: [roomErrors.notFound, accessErrors.removed, accessErrors.denied],
    handle: (ctx, { params }) => readRoster(ctx, params),
    respond: (view) => ok(view),
  }),
  ...liveRoutes,
  defineRoute({
    method: 'post',
    path: `${participantPath}/mute`,
    operationId: 'muteParticipant',
    tag,
    summary: 'Mute a track of a participant, or all of them',
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
    summary: 'Mute everybody else',
    description: 'Microphones, unless other sources are named. Hosts are muted by hosts alone.',
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
  defineRoute({
    method: 'delete',
    path: participantPath,
    operationId: 'removeParticipant',
    tag,
    summary: 'Send a participant out of the room and keep them out',
    access,
    limit: 'api',
    params: participantParamsSchema,
    success: { 204: { description: 'Removed' } },
    errors: targetErrors,
    handle: (ctx, { params }) => removeParticipant(ctx, params, params.participantId),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: `${participantPath}/readmit`,
    operationId: 'readmitParticipant',
    tag,
    summary: 'Let somebody who was removed come in again',
    access,
    limit: 'api',
    params: participantParamsSchema,
    success: { 204: { description: 'May come in again' } },
    errors: targetErrors,
    handle: (ctx, { params }) => readmitParticipant(ctx, params, params.participantId),
    respond: noContent,
  }),
  defineRoute({
    method: 'patch',
    path: participantPath,
    operationId: 'changeParticipantRole',
    tag,
    summary: 'Give a participant another role in the room',
    access,
    limit: 'api',
    params: participantParamsSchema,
    body: { schema: changeRoleSchema, example: { role: 'moderator' } },
    success: {
      200: {
        description: 'The role they have now',
        schema: participantRoleSchema,
        example: {
          participantId: 'prt_01jd3v7q8gf4kr2x6a0w9mznpe',
          identity: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
          role: 'moderator',
        },
      },
    },
    errors: [...targetErrors, noCall, roleFixed],
    handle: (ctx, { params, body }) => changeRole(ctx, params, params.participantId, body),
    respond: (view) => ok(view),
  }),
];
