import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { clusterErrors } from '../../calls/clusters/index.ts';
import { pageQuerySchema } from '../../kernel/core/index.ts';
import { created, defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { outgoingErrors } from '../../platform/outgoing/index.ts';
import { accessErrors, moderatorErrors } from '../../rooms/access/index.ts';
import { roomErrors, roomParamsSchema } from '../../rooms/rooms/index.ts';
import { createIngress } from './create-ingress.ts';
import { ingressErrors } from './ingresses.errors.ts';
import { presentIngress } from './ingresses.present.ts';
import {
  createIngressExample,
  createIngressSchema,
  ingressExample,
  ingressPageSchema,
  ingressParamsSchema,
  ingressSchema,
  updateIngressSchema,
} from './ingresses.schemas.ts';
import { deleteIngress, getIngress, listIngresses, updateIngress } from './manage-ingresses.ts';

const tag = 'Ingresses';
const listPath = '/api/v1/rooms/{roomId}/ingresses';
const path = `${listPath}/{ingressId}`;
/** The caller's role in the room decides. No guests: an ingress outlasts the call that they are in. */
export const access = { kind: 'permission', permission: 'rooms:read' } as const;
export const success = (description: string) => ({
  description,
  schema: ingressSchema,
  example: ingressExample,
});
const errorsOfRoom = [
  roomErrors.notFound,
  moderatorErrors.notModerator,
  accessErrors.removed,
  accessErrors.denied,
] as const;
export const errorsOfOne = [...errorsOfRoom, ingressErrors.notFound] as const;
export const ingressRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'createIngress',
    tag,
    summary: 'Create an ingress',
    description:
      'Creates an ingress, through which media from outside come into the calls of a room. It lasts until it is deleted. ' +
      'While there is an active call, its media are in it as a participant of their own. With `rtmp` and `whip`, a ' +
      'program sends the media, with an address and a key that hosts can read; a `url` is read once in each call. As long ' +
      'as the room has an `rtmp` or `whip` ingress, its calls are held on the media cluster of the first one. Hosts and ' +
      'moderators can do this, guests cannot.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    body: { schema: createIngressSchema, example: createIngressExample },
    idempotent: true,
    success: { 201: success('The ingress') },
    errors: [
      ...errorsOfRoom,
      outgoingErrors.addressRefused,
      outgoingErrors.unresolved,
      outgoingErrors.resolverUnavailable,
      clusterErrors.notConfigured,
      ingressErrors.audioOnly,
      ingressErrors.tooMany,
      entitlementErrors.featureNotIncluded,
    ],
    handle: (ctx, { params, body }) => createIngress(ctx, params, body),
    respond: (row) =>
      created(presentIngress(row), `/api/v1/rooms/${row.roomId}/ingresses/${row.id}`, row.version),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listIngresses',
    tag,
    summary: 'List ingresses',
    description: 'Lists the ingresses of a room, the newest first. Hosts and moderators can do this.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of ingresses',
        schema: ingressPageSchema,
        example: { data: [ingressExample], nextCursor: null },
      },
    },
    errors: errorsOfRoom,
    handle: (ctx, { params, query }) => listIngresses(ctx, params, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentIngress), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getIngress',
    tag,
    summary: 'Get an ingress',
    description: 'Returns an ingress with its state, without its key. Hosts and moderators can do this.',
    access,
    limit: 'api',
    params: ingressParamsSchema,
    success: { 200: success('The ingress') },
    errors: errorsOfOne,
    handle: (ctx, { params }) => getIngress(ctx, params, params.ingressId),
    respond: (row) => ok(presentIngress(row), row.version),
  }),
  defineRoute({
    method: 'patch',
    path,
    operationId: 'updateIngress',
    tag,
    summary: 'Update an ingress',
    description:
      'Renames an ingress, or switches it on or off; fields that are left out keep their value. Switching it off ends its ' +
      'media. A `url` is read again when it is switched on. A new name is shown from the next session. Hosts and ' +
      'moderators can do this.',
    access,
    limit: 'api',
    params: ingressParamsSchema,
    body: { schema: updateIngressSchema, example: { enabled: false } },
    concurrency: true,
    success: { 200: success('The updated ingress') },
    errors: errorsOfOne,
    handle: (ctx, { params, body, ifMatch }) =>
      updateIngress(ctx, params, { ingressId: params.ingressId, input: body, ifMatch }),
    respond: (row) => ok(presentIngress(row), row.version),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteIngress',
    tag,
    summary: 'Delete an ingress',
    description:
      'Deletes an ingress and its key, at the media server as well; media that come in by it end. Hosts and moderators ' +
      'can do this.',
    access,
    limit: 'api',
    params: ingressParamsSchema,
    concurrency: true,
    success: { 204: { description: 'The ingress is deleted' } },
    errors: errorsOfOne,
    handle: (ctx, { params, ifMatch }) => deleteIngress(ctx, params, params.ingressId, ifMatch),
    respond: noContent,
  }),
];
