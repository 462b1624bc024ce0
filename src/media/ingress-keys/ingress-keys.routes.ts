import { clusterErrors } from '../../calls/clusters/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import {
  errorsOfIngress,
  ingressAccess,
  ingressErrors,
  ingressParamsSchema,
  ingressSuccess,
  presentIngress,
} from '../ingresses/index.ts';
import { readIngressAddress, rotateIngressKey } from './ingress-key.ts';
import { ingressAddressExample, ingressAddressSchema } from './ingress-keys.schemas.ts';

const tag = 'Ingresses';
const path = '/api/v1/rooms/{roomId}/ingresses/{ingressId}';
const errorsOfKey = [
  ...errorsOfIngress,
  ingressErrors.notHost,
  ingressErrors.nothingToSend,
  ingressErrors.notReady,
  clusterErrors.unavailable,
  clusterErrors.refused,
] as const;

export const ingressKeyRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: `${path}/address`,
    operationId: 'getIngressAddress',
    tag,
    summary: 'Get the ingress address',
    description:
      'Returns the address that a program sends media to, with the key, which only the media server stores. Hosts can do ' +
      'this; each request leaves an entry in the audit log. The key stays valid when a host who read it loses that role: ' +
      '`rotateIngressKey` replaces it.',
    access: ingressAccess,
    limit: 'api',
    params: ingressParamsSchema,
    success: {
      200: { description: 'The address', schema: ingressAddressSchema, example: ingressAddressExample },
    },
    roundTrips: { max: 2, reason: 'the ingress, then the audit entry of the reading' },
    errors: errorsOfKey,
    handle: (ctx, { params }) => readIngressAddress(ctx, params, params.ingressId),
    respond: (address) => ok(address),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/rotate-key`,
    operationId: 'rotateIngressKey',
    tag,
    summary: 'Rotate the ingress key',
    description:
      'Replaces the key of an ingress. The former key stops working at once, and media that come in by it end. ' +
      '`getIngressAddress` returns the new key within seconds. Hosts can do this.',
    access: ingressAccess,
    limit: 'api',
    params: ingressParamsSchema,
    success: { 200: ingressSuccess('The ingress without a key yet') },
    errors: [...errorsOfKey, requestErrors.stale],
    handle: (ctx, { params }) => rotateIngressKey(ctx, params, params.ingressId),
    respond: (row) => ok(presentIngress(row), row.version),
  }),
];
