import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { pageQuerySchema } from '../../kernel/core/index.ts';
import { outgoingErrors } from '../../platform/outgoing/index.ts';
import { created, defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors, moderatorErrors } from '../../rooms/access/index.ts';
import { roomErrors, roomParamsSchema } from '../../rooms/rooms/index.ts';
import { bucketErrors } from '../buckets/index.ts';
import { getStream, listStreams, stopStream } from './manage-streams.ts';
import { addTarget, removeTarget } from './manage-targets.ts';
import { newTargetExample, newTargetSchema } from '../stream-targets/index.ts';
import { startStreamSchema } from './new-stream.schemas.ts';
import { startStream } from './start-stream.ts';
import { streamErrors } from './streams.errors.ts';
import { presentStream } from './streams.present.ts';
import {
  streamExample,
  streamPageSchema,
  streamParamsSchema,
  streamSchema,
  targetParamsSchema,
} from './streams.schemas.ts';

const tag = 'Live streams';
const listPath = '/api/v1/rooms/{roomId}/streams';
const path = `${listPath}/{streamId}`;
/** The caller's role in the room decides, and guests can have any role. */
const access = { kind: 'permission', permission: 'rooms:read', guests: true } as const;
const success = (description: string) => ({ description, schema: streamSchema, example: streamExample });
const errorsOfRoom = [
  roomErrors.notFound,
  moderatorErrors.notModerator,
  accessErrors.removed,
  accessErrors.denied,
] as const;
const errorsOfOne = [...errorsOfRoom, streamErrors.notFound] as const;
const errorsOfAddress = [
  outgoingErrors.addressRefused,
  outgoingErrors.unresolved,
  outgoingErrors.resolverUnavailable,
] as const;

export const streamRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'startStream',
    tag,
    summary: 'Start a live stream',
    description:
      'Starts a live stream of the open call of the room: to receivers by RTMP or SRT, as HLS segments to a bucket of the ' +
      'organization, or both. It begins within seconds; `state` says how far it is. Hosts and moderators can do this, for ' +
      'one stream at a time. Everybody in the room sees that it runs.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    body: { schema: startStreamSchema, example: { targets: [newTargetExample] } },
    idempotent: true,
    success: { 201: success('The stream') },
    errors: [
      ...errorsOfRoom,
      ...errorsOfAddress,
      streamErrors.noCall,
      streamErrors.alreadyStreaming,
      streamErrors.tooMany,
      streamErrors.switchedOff,
      streamErrors.consentRequired,
      streamErrors.bucketFailing,
      bucketErrors.notFound,
      entitlementErrors.featureNotIncluded,
    ],
    handle: (ctx, { params, body }) => startStream(ctx, params, body),
    respond: (row) => created(presentStream(row), `/api/v1/rooms/${row.roomId}/streams/${row.id}`),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listStreams',
    tag,
    summary: 'List live streams',
    description: 'Lists the live streams of a room, the newest first. Hosts and moderators can do this.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of streams',
        schema: streamPageSchema,
        example: { data: [streamExample], nextCursor: null },
      },
    },
    errors: errorsOfRoom,
    handle: (ctx, { params, query }) => listStreams(ctx, params, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentStream), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getStream',
    tag,
    summary: 'Get a live stream',
    description: 'Returns a live stream with the state of each target. Hosts and moderators can do this.',
    access,
    limit: 'api',
    params: streamParamsSchema,
    success: { 200: success('The stream') },
    errors: errorsOfOne,
    handle: (ctx, { params }) => getStream(ctx, params, params.streamId),
    respond: (row) => ok(presentStream(row)),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/stop`,
    operationId: 'stopStream',
    tag,
    summary: 'Stop a live stream',
    description:
      'Asks a live stream to stop at all targets. Repeating this changes nothing. Hosts and moderators can do this.',
    access,
    limit: 'api',
    params: streamParamsSchema,
    success: { 200: success('The stream') },
    errors: errorsOfOne,
    handle: (ctx, { params }) => stopStream(ctx, params, params.streamId),
    respond: (row) => ok(presentStream(row)),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/targets`,
    operationId: 'addStreamTarget',
    tag,
    summary: 'Add a stream target',
    description:
      'Sends a live stream that was started with targets to one more address; the others are not interrupted. It has up to 8 at once, ' +
      'and 50 in all. Hosts and moderators can do this.',
    access,
    limit: 'api',
    params: streamParamsSchema,
    body: { schema: newTargetSchema, example: newTargetExample },
    idempotent: true,
    success: { 201: success('The stream, with the new target as the last one') },
    errors: [
      ...errorsOfOne,
      ...errorsOfAddress,
      streamErrors.stopping,
      streamErrors.segmentsOnly,
      streamErrors.otherProtocol,
      streamErrors.tooManyTargets,
      streamErrors.targetExists,
    ],
    handle: (ctx, { params, body }) => addTarget(ctx, params, params.streamId, body),
    respond: (row) => created(presentStream(row), `/api/v1/rooms/${row.roomId}/streams/${row.id}`),
  }),
  defineRoute({
    method: 'delete',
    path: `${path}/targets/{targetId}`,
    operationId: 'removeStreamTarget',
    tag,
    summary: 'Remove a stream target',
    description:
      'Stops sending a live stream to one address; the others are not interrupted. If no target is left, the stream ' +
      'stops, unless it writes segments. Repeating this changes nothing. Hosts and moderators can do this.',
    access,
    limit: 'api',
    params: targetParamsSchema,
    success: { 200: success('The stream') },
    errors: [...errorsOfOne, streamErrors.targetNotFound],
    handle: (ctx, { params }) => removeTarget(ctx, params, params),
    respond: (row) => ok(presentStream(row)),
  }),
];
