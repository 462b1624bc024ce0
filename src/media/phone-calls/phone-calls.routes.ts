import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { pageQuerySchema, requestErrors } from '../../kernel/core/index.ts';
import { created, defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { accessErrors, moderatorErrors } from '../../rooms/access/index.ts';
import { admissionErrors } from '../../rooms/admission/index.ts';
import { roomErrors, roomParamsSchema } from '../../rooms/rooms/index.ts';
import { phoneTrunkErrors } from '../phone-trunks/index.ts';
import { createPhoneCall } from './create-phone-call.ts';
import { getPhoneCall, hangUpPhoneCall, listPhoneCalls } from './manage-phone-calls.ts';
import { phoneCallErrors } from './phone-calls.errors.ts';
import { presentPhoneCall } from './phone-calls.present.ts';
import { MOST_AT_ONCE, MOST_IN_HOUR } from './phone-calls.queries.ts';
import {
  createPhoneCallExample,
  createPhoneCallSchema,
  phoneCallExample,
  phoneCallPageSchema,
  phoneCallParamsSchema,
  phoneCallSchema,
  transferPhoneCallSchema,
} from './phone-calls.schemas.ts';
import { transferPhoneCall } from './transfer-phone-call.ts';

const tag = 'Phone calls';
const listPath = '/api/v1/rooms/{roomId}/phone-calls';
const path = `${listPath}/{phoneCallId}`;
/** The caller's role in the room decides. No guests: somebody else pays for the telephone. */
const access = { kind: 'permission', permission: 'rooms:read' } as const;
const success = (description: string) => ({
  description,
  schema: phoneCallSchema,
  example: phoneCallExample,
});
const errorsOfRoom = [
  roomErrors.notFound,
  moderatorErrors.notModerator,
  accessErrors.removed,
  accessErrors.denied,
] as const;
const errorsOfOne = [...errorsOfRoom, phoneCallErrors.notFound] as const;

export const phoneCallRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'createPhoneCall',
    tag,
    summary: 'Call a telephone',
    description:
      'Calls a telephone into the active call of a room, as a participant of its own that takes a seat. The number shows to hosts and moderators alone. ' +
      `An organization has at most ${MOST_AT_ONCE} telephone calls at once, and ${MOST_IN_HOUR} in an hour. Each lasts four hours at most. Hosts and moderators can do this, guests cannot.`,
    access,
    limit: 'api',
    params: roomParamsSchema,
    body: { schema: createPhoneCallSchema, example: createPhoneCallExample },
    idempotent: true,
    success: { 201: success('The telephone call') },
    errors: [
      ...errorsOfRoom,
      phoneTrunkErrors.notFound,
      phoneCallErrors.noCall,
      phoneCallErrors.needsConsent,
      phoneCallErrors.trunkDisabled,
      phoneCallErrors.numberNotAllowed,
      phoneCallErrors.unknownCallerNumber,
      phoneCallErrors.keptOut,
      phoneCallErrors.alreadyCalled,
      phoneCallErrors.tooMany,
      phoneCallErrors.tooManyInHour,
      admissionErrors.full,
      entitlementErrors.featureNotIncluded,
      entitlementErrors.limitReached,
      requestErrors.stale,
    ],
    handle: (ctx, { params, body }) => createPhoneCall(ctx, params, body),
    respond: (row) => created(presentPhoneCall(row), `/api/v1/rooms/${row.roomId}/phone-calls/${row.id}`),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listPhoneCalls',
    tag,
    summary: 'List telephone calls',
    description: 'Lists the telephone calls of a room, the newest first. Hosts and moderators can do this.',
    access,
    limit: 'api',
    params: roomParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of telephone calls',
        schema: phoneCallPageSchema,
        example: { data: [phoneCallExample], nextCursor: null },
      },
    },
    errors: errorsOfRoom,
    handle: (ctx, { params, query }) => listPhoneCalls(ctx, params, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentPhoneCall), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getPhoneCall',
    tag,
    summary: 'Get a telephone call',
    description: 'Returns a telephone call of a room with its state. Hosts and moderators can do this.',
    access,
    limit: 'api',
    params: phoneCallParamsSchema,
    success: { 200: success('The telephone call') },
    errors: errorsOfOne,
    handle: (ctx, { params }) => getPhoneCall(ctx, params, params.phoneCallId),
    respond: (row) => ok(presentPhoneCall(row)),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/hang-up`,
    operationId: 'hangUpPhoneCall',
    tag,
    summary: 'Hang up',
    description:
      'Ends a telephone call, or stops it from ringing, within seconds. One that is over stays as it is. Hosts and moderators can do this.',
    access,
    limit: 'api',
    params: phoneCallParamsSchema,
    success: { 200: success('The telephone call, which is ending') },
    errors: [...errorsOfOne, requestErrors.stale],
    handle: (ctx, { params }) => hangUpPhoneCall(ctx, params, params.phoneCallId),
    respond: (row) => ok(presentPhoneCall(row)),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/transfer`,
    operationId: 'transferPhoneCall',
    tag,
    summary: 'Transfer a telephone call',
    description:
      'Has the provider connect a telephone that has answered to another number, within half a minute; then it leaves the room. When that ' +
      'fails it stays: `transfer` says so, and it can be tried again. Hosts and moderators can do this.',
    access,
    limit: 'api',
    params: phoneCallParamsSchema,
    body: { schema: transferPhoneCallSchema, example: { number: '+493011223344' } },
    success: { 200: success('The telephone call, which is about to be transferred') },
    errors: [
      ...errorsOfOne,
      phoneCallErrors.notTransferable,
      phoneCallErrors.trunkDisabled,
      phoneCallErrors.numberNotAllowed,
      requestErrors.stale,
    ],
    handle: (ctx, { params, body }) => transferPhoneCall(ctx, params, params.phoneCallId, body.number),
    respond: (row) => ok(presentPhoneCall(row)),
  }),
];
