import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { getSpendingLimit } from './read-spending.ts';
import { spendingErrors } from './spending.errors.ts';
import { setSpendingLimit } from './set-spending-limit.ts';
import {
  setSpendingLimitExample,
  setSpendingLimitSchema,
  spendingLimitExample,
  spendingLimitSchema,
} from './spending.schemas.ts';

const tag = 'Billing';
const path = '/api/v1/billing/spending-limit';
const success = {
  200: {
    description: 'The spending limit, and what is spent of it',
    schema: spendingLimitSchema,
    example: spendingLimitExample,
  },
};

export const spendingRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path,
    operationId: 'getSpendingLimit',
    tag,
    summary: 'Get the spending limit',
    description:
      'Returns what the organization spends beyond its plan in a month at most, and what of that is spent, reserved by running ' +
      'calls, and left in the current one. Needs the permission `billing:read`.',
    access: { kind: 'permission', permission: 'billing:read' },
    limit: 'api',
    success,
    handle: (ctx) => getSpendingLimit(ctx),
    respond: (view) => ok(view),
  }),
  defineRoute({
    method: 'put',
    path,
    operationId: 'setSpendingLimit',
    tag,
    summary: 'Set the spending limit',
    description:
      'Sets what the organization spends beyond its plan in a calendar month, UTC, at most, or removes the limit. Each participant ' +
      'of a call reserves the price of ten minutes. When the limit does not cover another one, joining a call and ringing are ' +
      'refused with `billing.limit_reached` (limit `spending`, in micro-units); people who were in a call may come back to it. ' +
      'Everybody in a call is warned about ten minutes before the end, and before the limit is passed all calls end with the ' +
      'reason `out_of_budget`. A connection that lasts over the turn of a month uses the limit of the month in which it began, so its ' +
      'call may end by that one. A higher limit counts at once. Owners and administrators get a mail at 80 and at 100 percent. ' +
      'It bounds only usage that is charged. Without a subscription nothing is, on the free plan and on one as agreed, and a limit is ' +
      'refused with `billing.not_charged`. In a trial it is kept, and bounds what follows. Needs the permission `billing:write`, which ' +
      'owners have.',
    access: { kind: 'permission', permission: 'billing:write' },
    limit: 'api',
    body: { schema: setSpendingLimitSchema, example: setSpendingLimitExample },
    errors: [spendingErrors.notCharged],
    success,
    handle: (ctx, { body }) => setSpendingLimit(ctx, body),
    respond: (view) => ok(view),
  }),
];
