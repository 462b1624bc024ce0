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
    description:
      'Lowers the raised hand of a participant for everybody. Hosts and moderators can do this; only hosts can do it to ' +
      'a host.',
    access,
    limit: 'api',
    params: participantParamsSchema,
    success: { 204: { description: 'The hand is down' } },
    errors: [roomErrors.notFound, notModerator, notHost, participantNotFound],
    handle: (ctx, { params }) => lowerHands(ctx, params, params.participantId),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: `${roomPath}/participants/lower-hands`,
    operationId: 'lowerHands',
    tag,
    summary: 'Lower all hands',
    description: 'Lowers all raised hands in the room. Hosts and moderators can do this.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    success: { 204: { description: 'All hands are down' } },
    errors: [roomErrors.notFound, notModerator],
    handle: (ctx, { params }) => lowerHands(ctx, params, null),
    respond: noContent,
  }),
  defineRoute({
    method: 'put',
    path: `${roomPath}/spotlight`,
    operationId: 'setSpotlight',
    tag,
    summary: 'Spotlight a participant',
    description:
      "Shows a participant in the middle of everybody's screen, in place of an earlier one. Hosts and moderators can " +
      'do this.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    body: { schema: spotlightSchema, example: { participantId: 'prt_01jd3v7q8gf4kr2x6a0w9mznpe' } },
    success: { 204: { description: 'The participant is spotlighted' } },
    errors: [roomErrors.notFound, notModerator, participantNotFound],
    handle: (ctx, { params, body }) => setSpotlight(ctx, params, body.participantId),
    respond: noContent,
  }),
  defineRoute({
    method: 'delete',
    path: `${roomPath}/spotlight`,
    operationId: 'clearSpotlight',
    tag,
    summary: 'Clear the spotlight',
    description: 'Ends the spotlight in the room. Hosts and moderators can do this.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    success: { 204: { description: 'No participant is spotlighted' } },
    errors: [roomErrors.notFound, notModerator],
    handle: (ctx, { params }) => setSpotlight(ctx, params, null),
    respond: noContent,
  }),
  defineRoute({
    method: 'post',
    path: `${roomPath}/data`,
    operationId: 'sendData',
    tag,
    summary: 'Send data to participants',
    description:
      'Sends a JSON value to everybody in the room or to some participants, over their media connections and their ' +
      'sockets. It is neither stored nor sent again. Hosts and moderators can do this.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    body: { schema: sendDataSchema, example: { topic: 'slides', payload: { page: 3 } } },
    success: {
      200: {
        description: 'How the data was sent, per channel',
        schema: dataSentSchema,
        example: { media: 'no_call', live: 'sent' },
      },
    },
    errors: [roomErrors.notFound, notModerator, participantNotFound],
    handle: (ctx, { params, body }) => sendData(ctx, params, body),
    respond: (view) => ok(view),
  }),
];
