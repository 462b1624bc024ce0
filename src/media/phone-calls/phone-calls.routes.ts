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
import {
  createPhoneCallExample,
  createPhoneCallSchema,
  phoneCallExample,
  phoneCallPageSchema,
  phoneCallParamsSchema,
  phoneCallSchema,
} from './phone-calls.schemas.ts';

const tag = 'Phone calls';
const listPath = '/api/v1/rooms/{roomId}/phone-calls';
const path = `${listPath}/{phoneCallId}`;
/** The caller's role in the room decides. No guests: somebody else pays for the telephone. */
export const phoneCallAccess = { kind: 'permission', permission: 'rooms:read' } as const;
export const phoneCallSuccess = (description: string) => ({
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
export const errorsOfPhoneCall = [...errorsOfRoom, phoneCallErrors.notFound] as const;

export const phoneCallRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'createPhoneCall',
    tag,
    summary: 'Call a telephone',
    description:
      'Calls a telephone into the active call of a room, as a participant of its own that takes a seat. Only hosts and ' +
      'moderators see the number. The plan limits how many telephones an organization calls at once ' +
      '(`running_phone_calls`) and in an hour (`hourly_phone_calls`). A call lasts at most four hours; if it could not be ' +
      'dialed within two minutes, it has failed. Hosts and moderators can do this, guests cannot.',
    access: phoneCallAccess,
    limit: 'api',
    params: roomParamsSchema,
    body: { schema: createPhoneCallSchema, example: createPhoneCallExample },
    idempotent: true,
    success: { 201: phoneCallSuccess('The telephone call') },
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
    access: phoneCallAccess,
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
    access: phoneCallAccess,
    limit: 'api',
    params: phoneCallParamsSchema,
    success: { 200: phoneCallSuccess('The telephone call') },
    errors: errorsOfPhoneCall,
    handle: (ctx, { params }) => getPhoneCall(ctx, params, params.phoneCallId),
    respond: (row) => ok(presentPhoneCall(row)),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/hang-up`,
    operationId: 'hangUpPhoneCall',
    tag,
    summary: 'Hang up a telephone call',
    description:
      'Ends a telephone call, or stops it from ringing, within seconds. A call that is over does not change. Hosts and moderators can do this.',
    access: phoneCallAccess,
    limit: 'api',
    params: phoneCallParamsSchema,
    success: { 200: phoneCallSuccess('The telephone call, which is ending') },
    errors: [...errorsOfPhoneCall, requestErrors.stale],
    handle: (ctx, { params }) => hangUpPhoneCall(ctx, params, params.phoneCallId),
    respond: (row) => ok(presentPhoneCall(row)),
  }),
];
