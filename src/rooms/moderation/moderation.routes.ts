import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors, moderatorErrors } from '../access/index.ts';
import { roomErrors, roomParamsSchema } from '../rooms/index.ts';
import { changeRole } from './change-role.ts';
import { liveRoutes } from './moderation-live.routes.ts';
import { moderationErrors } from './moderation.errors.ts';
import {
  changeRoleSchema,
  participantParamsSchema,
  participantRoleSchema,
  removeParticipantQuerySchema,
} from './moderation.schemas.ts';
import { readRoster } from './read-roster.ts';
import { readmitParticipant, removeParticipant } from './remove-participant.ts';
import { rosterExample, rosterSchema } from './roster.schemas.ts';

const tag = 'Moderation';
const participantsPath = '/api/v1/rooms/{roomId}/participants';
const participantPath = `${participantsPath}/{participantId}`;
/** The caller's role in the room decides, and guests can have any role. */
const access = { kind: 'permission', permission: 'rooms:read', guests: true } as const;
const { notModerator } = moderatorErrors;
const { administrator, notHost, participantNotFound, noCall, roleFixed } = moderationErrors;
const targetErrors = [roomErrors.notFound, notModerator, notHost, participantNotFound] as const;

export const moderationRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: participantsPath,
    operationId: 'listRoomParticipants',
    tag,
    summary: 'List participants in a room',
    description:
      'Lists the people in the room at this moment, with their media and their sockets, merged from the media ' +
      'cluster and the live room. `missing` names a source that did not answer in time. Members of the organization and guests who ' +
      'were in a call of the room can do this; observers are listed for hosts and moderators only.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    success: { 200: { description: 'The people in the room', schema: rosterSchema, example: rosterExample } },
    errors: [roomErrors.notFound, accessErrors.removed, accessErrors.denied],
    handle: (ctx, { params }) => readRoster(ctx, params),
    respond: (view) => ok(view),
  }),
  ...liveRoutes,
  defineRoute({
    method: 'delete',
    path: participantPath,
    operationId: 'removeParticipant',
    tag,
    summary: 'Remove a participant',
    description:
      'Disconnects a participant and keeps them out of the room and its breakout rooms until they are readmitted. ' +
      'So that they do not return under another name at once, new guests from their network are kept out of the ' +
      'open call (`rooms.network_excluded`), unless `keepNetworkOut` is false. Hosts and moderators can do this; ' +
      'only hosts can do it to a host, and only administrators of the organization to an administrator.',
    access,
    limit: 'api',
    params: participantParamsSchema,
    query: removeParticipantQuerySchema,
    success: { 204: { description: 'The participant is removed' } },
    errors: [...targetErrors, administrator],
    handle: (ctx, { params, query }) => removeParticipant(ctx, params, params.participantId, query),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: `${participantPath}/readmit`,
    operationId: 'readmitParticipant',
    tag,
    summary: 'Readmit a removed participant',
    description:
      'Lets a person who was removed join the room again; pass the id of any of their participants in the room. Hosts ' +
      'and moderators can do this; only hosts can do it to a host. An administrator of the organization can readmit ' +
      'themselves.',
    access,
    limit: 'api',
    params: participantParamsSchema,
    success: { 204: { description: 'The person can join again' } },
    errors: targetErrors,
    handle: (ctx, { params }) => readmitParticipant(ctx, params, params.participantId),
    respond: noContent,
  }),
  defineRoute({
    method: 'patch',
    path: participantPath,
    operationId: 'changeParticipantRole',
    tag,
    summary: "Change a participant's role",
    description:
      'Gives a participant another role in the room, for this call and later ones; media, socket and API follow at ' +
      'once. Hosts and moderators can do this. Only hosts can do it to a host or make somebody a host. ' +
      'Only administrators of the organization can give an administrator a lower role.',
    access,
    limit: 'api',
    params: participantParamsSchema,
    body: { schema: changeRoleSchema, example: { role: 'moderator' } },
    success: {
      200: {
        description: 'The role after this request',
        schema: participantRoleSchema,
        example: {
          participantId: 'prt_01jd3v7q8gf4kr2x6a0w9mznpe',
          identity: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
          role: 'moderator',
        },
      },
    },
    errors: [...targetErrors, administrator, noCall, roleFixed],
    handle: (ctx, { params, body }) => changeRole(ctx, params, params.participantId, body),
    respond: (view) => ok(view),
  }),
];
