import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { admissionErrors } from '../admission/index.ts';
import { roomErrors, roomParamsSchema } from '../rooms/index.ts';
import { readRoster } from './read-roster.ts';
import { rosterExample, rosterSchema } from './roster.schemas.ts';

export const rosterRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/rooms/{roomId}/participants',
    operationId: 'listRoomParticipants',
    tag: 'Moderation',
    summary: 'Who is in the room at this moment, with their media and their sockets',
    description:
      'Out of what the media cluster and the live room say. When one of them does not answer, `missing` names it and ' +
      'the rest is told all the same.',
    access: { kind: 'permission', permission: 'rooms:read', guests: true },
    limit: 'api',
    params: roomParamsSchema,
    success: { 200: { description: 'Everybody who is there', schema: rosterSchema, example: rosterExample } },
    errors: [roomErrors.notFound, admissionErrors.removed, admissionErrors.denied],
    handle: (ctx, { params }) => readRoster(ctx, params),
    respond: (view) => ok(view),
  }),
];
