import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { clusterErrors } from '../../calls/clusters/index.ts';
import { accessErrors } from '../access/index.ts';
import { roomErrors, roomParamsSchema } from '../rooms/index.ts';
import { admissionErrors } from './admission.errors.ts';
import {
  admissionExample,
  admissionSchema,
  joinRoomSchema,
  waitingExample,
  waitingSchema,
} from './admission.schemas.ts';
import { joinRoom } from './join-room.ts';

export const admissionRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/rooms/{roomId}/token',
    operationId: 'joinRoom',
    tag: 'Joining',
    summary: 'Get a place in the room: a media token, and a ticket for its socket',
    description:
      'Joins the call that is going on or begins one. Asking again gives the same place. Where the room has a lobby, ' +
      'the caller waits: the socket of the ticket tells when they are let in, and then they ask again.',
    access: { kind: 'permission', permission: 'rooms:read', guests: true },
    limit: 'api',
    params: roomParamsSchema,
    body: { schema: joinRoomSchema, example: { name: 'Ada' } },
    success: {
      200: { description: 'Let in', schema: admissionSchema, example: admissionExample },
      202: { description: 'Waits in the lobby', schema: waitingSchema, example: waitingExample },
    },
    errors: [
      roomErrors.notFound,
      ...Object.values(admissionErrors),
      accessErrors.removed,
      accessErrors.denied,
      clusterErrors.notConfigured,
    ],
    handle: async (ctx, { params, body }) => ({
      view: await joinRoom(ctx, params.roomId, body),
      roomId: params.roomId,
    }),
    respond: ({ view, roomId }) =>
      view.status === 'admitted'
        ? ok(view)
        : {
            status: 202,
            body: view,
            headers: { Location: `/api/v1/rooms/${roomId}/lobby/${view.lobbyEntryId}` },
          },
  }),
];
