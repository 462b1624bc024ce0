import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import {
  errorsOfPhoneCall,
  phoneCallAccess,
  phoneCallErrors,
  phoneCallParamsSchema,
  phoneCallSuccess,
  presentPhoneCall,
} from '../phone-calls/index.ts';
import { transferPhoneCallSchema } from './phone-transfers.schemas.ts';
import { transferPhoneCall } from './transfer-phone-call.ts';

export const phoneTransferRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/rooms/{roomId}/phone-calls/{phoneCallId}/transfer',
    operationId: 'transferPhoneCall',
    tag: 'Phone calls',
    summary: 'Transfer a telephone call',
    description:
      'Transfers a telephone that has answered, or called in: its provider connects it to another number within half a ' +
      'minute, and it leaves the room. If that fails, it stays, and `transfer` says so. It can be tried three times in ' +
      'all; each attempt counts as a telephone that was called (`hourly_phone_calls`). Hosts and moderators can do this.',
    access: phoneCallAccess,
    limit: 'api',
    params: phoneCallParamsSchema,
    body: { schema: transferPhoneCallSchema, example: { number: '+493011223344' } },
    success: { 200: phoneCallSuccess('The telephone call, which is about to be transferred') },
    errors: [
      ...errorsOfPhoneCall,
      phoneCallErrors.notTransferable,
      phoneCallErrors.tooManyTransfers,
      entitlementErrors.limitReached,
      phoneCallErrors.trunkDisabled,
      phoneCallErrors.phoneNumberDisabled,
      phoneCallErrors.numberNotAllowed,
      requestErrors.stale,
    ],
    handle: (ctx, { params, body }) => transferPhoneCall(ctx, params, params.phoneCallId, body.number),
    respond: (row) => ok(presentPhoneCall(row)),
  }),
];
