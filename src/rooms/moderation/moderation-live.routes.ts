import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { moderatorErrors } from '../access/index.ts';
import { roomErrors, roomParamsSchema } from '../rooms/index.ts';
import { lowerHands, sendData, setSpotlight } from './send-live-commands.ts';
import { moderationErrors } from './moderation.errors.ts';
import {
  dataSentSchema,
  participantParamsSchema,
  sendDataSchema,
  spotlightSchema,
} from './moderation.schemas.ts';

const tag = 'Moderation';
const roomPath = '/api/v1/rooms/{roomId}';
const access = { kind: 'permission', permission: 'rooms:read', guests: true } as const;
const { notModerator } = moderatorErrors;
const { notHost, participantNotFound } = moderationErrors;

export const liveRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: `${roomPath}/participants/{participantId}/lower-hand`,
    operationId: 'lowerHand',
    tag,
    summary: "Lower a participant's hand",
    access,
    limit: 'api',
    params: participantParamsSchema,
    success: { 204: { description: 'Lowered' } },
    errors: [roomErrors.notFound, notModerator, notHost, participantNotFound],
    handle: (ctx, { params }) => lowerHands(ctx, params, params.participantId),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: `${roomPath}/participants/lower-hands`,
    operationId: 'lowerHands',
    tag,
    summary: 'Lower all raised hands',
    access,
    limit: 'api',
    params: roomParamsSchema,
    success: { 204: { description: 'Lowered' } },
    errors: [roomErrors.notFound, notModerator],
    handle: (ctx, { params }) => lowerHands(ctx, params, null),
    respond: noContent,
  }),
  defineRoute({
    method: 'put',
    path: `${roomPath}/spotlight`,
    operationId: 'setSpotlight',
    tag,
    summary: "Put a participant into the middle of everybody's screen",
    access,
    limit: 'api',
    params: roomParamsSchema,
    body: { schema: spotlightSchema, example: { participantId: 'prt_01jd3v7q8gf4kr2x6a0w9mznpe' } },
    success: { 204: { description: 'Set' } },
    errors: [roomErrors.notFound, notModerator, participantNotFound],
    handle: (ctx, { params, body }) => setSpotlight(ctx, params, body.participantId),
    respond: noContent,
  }),
  defineRoute({
    method: 'delete',
    path: `${roomPath}/spotlight`,
    operationId: 'clearSpotlight',
    tag,
    summary: 'Put nobody into the middle',
    access,
    limit: 'api',
    params: roomParamsSchema,
    success: { 204: { description: 'Nobody is' } },
    errors: [roomErrors.notFound, notModerator],
    handle: (ctx, { params }) => setSpotlight(ctx, params, null),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: `${roomPath}/data`,
    operationId: 'sendData',
    tag,
    summary: 'Send data to everybody in the room, or to some',
    description: 'By their media connections and by their sockets; it is neither kept nor sent again.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    body: { schema: sendDataSchema, example: { topic: 'slides', payload: { page: 3 } } },
    success: {
      200: {
        description: 'Which way it went',
        schema: dataSentSchema,
        example: { media: 'no_call', live: 'sent' },
      },
    },
    errors: [roomErrors.notFound, notModerator, participantNotFound],
    handle: (ctx, { params, body }) => sendData(ctx, params, body),
    respond: (view) => ok(view),
  }),
];
