import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { entitlementErrors } from '../../identity/entitlements/index.ts';
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
    summary: 'Join a room',
    description:
      'Joins the open call of the room, or begins one. The answer has a media token for the cluster and a ticket ' +
      'for the socket of the room; joining again gives the same participant and a fresh token. Members join as ' +
      'themselves, guests with their guest ticket, and API keys for the identity they name. In the whole ' +
      'organization, an identity belongs to the API key that used it first, and other keys are refused it ' +
      '(`rooms.identity_taken`). To rotate a key, reroll it: it keeps its identities. A key needs ' +
      '`rooms:observe`, too, for agents and observers. In a room with a lobby the caller may have to wait (202): ' +
      'the socket shows when they are admitted, and then they repeat the request. On a plan that stops at its ' +
      'included participant minutes, no further participant is admitted once they are used up in the month ' +
      '(`billing.limit_reached`).',
    access: { kind: 'permission', permission: 'rooms:join', guests: true },
    limit: 'api',
    params: roomParamsSchema,
    body: { schema: joinRoomSchema, example: { name: 'Ada' } },
    success: {
      200: { description: 'The caller is admitted', schema: admissionSchema, example: admissionExample },
      202: { description: 'The caller waits in the lobby', schema: waitingSchema, example: waitingExample },
    },
    errors: [
      roomErrors.notFound,
      ...Object.values(admissionErrors),
      entitlementErrors.limitReached,
      accessErrors.removed,
      accessErrors.networkExcluded,
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
