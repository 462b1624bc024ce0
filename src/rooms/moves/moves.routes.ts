import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { authErrors } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors, moderatorErrors } from '../access/index.ts';
import { admissionErrors } from '../admission/index.ts';
import { clusterErrors } from '../../calls/clusters/index.ts';
import { moderationErrors, participantParamsSchema } from '../moderation/index.ts';
import { roomErrors, roomParamsSchema } from '../rooms/index.ts';
import { enterRoom } from './enter-room.ts';
import { moveParticipant } from './move-participant.ts';
import { moveErrors } from './moves.errors.ts';
import {
  movedAdmissionExample,
  movedAdmissionSchema,
  enterRoomSchema,
  movedParticipantSchema,
  moveParticipantSchema,
} from './moves.schemas.ts';

const { notHost, participantNotFound, noCall } = moderationErrors;
const roomId = 'room_01jd3v7q8gf4kr2x6a0w9mznpe';

export const moveRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/rooms/{roomId}/participants/{participantId}/move',
    operationId: 'moveParticipant',
    tag: 'Moderation',
    summary: 'Move a participant',
    description:
      'Moves a participant to another room. Their socket receives a ticket, with which `POST ' +
      '/rooms/{toRoomId}/enter` admits them within ten minutes, despite lock and lobby. They are disconnected ' +
      'from the media of this room when they enter the other one, at the latest after 30 seconds. Hosts and ' +
      'moderators of both rooms can do this.',
    access: { kind: 'permission', permission: 'rooms:read', guests: true },
    limit: 'api',
    params: participantParamsSchema,
    body: { schema: moveParticipantSchema, example: { toRoomId: roomId } },
    success: {
      200: {
        description: 'The participant is being moved',
        schema: movedParticipantSchema,
        example: {
          participantId: 'prt_01jd3v7q8gf4kr2x6a0w9mznpe',
          identity: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
          toRoomId: roomId,
          expiresAt: '2026-01-05T09:40:00.000Z',
        },
      },
    },
    errors: [
      roomErrors.notFound,
      moderatorErrors.notModerator,
      notHost,
      participantNotFound,
      noCall,
      admissionErrors.ended,
      moveErrors.sameRoom,
      moveErrors.keptOut,
      moveErrors.onTelephone,
    ],
    handle: (ctx, { params, body }) => moveParticipant(ctx, params, params.participantId, body),
    respond: (view) => ok(view),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/rooms/{roomId}/enter',
    operationId: 'enterRoom',
    tag: 'Joining',
    summary: 'Enter a room',
    description:
      'Exchanges the ticket of a move for a seat in the call of the room, past its lock and lobby. Repeating it gives ' +
      'the same seat. Guests also get a guest ticket for the room.',
    access: {
      kind: 'public',
      reason: 'the ticket in the body is the credential: only the moved person received it',
    },
    limit: 'api',
    params: roomParamsSchema,
    body: { schema: enterRoomSchema, example: { ticket: movedAdmissionExample.realtime.ticket } },
    success: {
      200: {
        description: 'The person is admitted',
        schema: movedAdmissionSchema,
        example: movedAdmissionExample,
      },
    },
    errors: [
      roomErrors.notFound,
      moveErrors.notFound,
      authErrors.invalidToken,
      authErrors.outdatedToken,
      authErrors.expiredToken,
      entitlementErrors.limitReached,
      ...Object.values(admissionErrors),
      accessErrors.removed,
      accessErrors.denied,
      clusterErrors.notConfigured,
    ],
    handle: (ctx, { params, body }) => enterRoom(ctx, params.roomId, body),
    respond: (view) => ok(view),
  }),
];
