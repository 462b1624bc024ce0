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
      'Returns the most that the organization spends beyond its plan in a month. Also returns how much of it is ' +
      'spent, reserved by running calls, and left in the current month. Needs the permission `billing:read`.',
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
      'Sets or removes the most that the organization spends beyond its plan in a calendar month, UTC. Each ' +
      'participant of a call reserves the price of ten minutes. When the limit does not cover a further ' +
      'participant, joining a call and ringing are refused with `billing.limit_reached` (limit `spending`, in ' +
      'micro-units). People who were in a call may return to it. All participants are warned about ten minutes ' +
      'before the end, and all calls end with the reason `out_of_budget` before the limit is passed. A connection ' +
      'that lasts beyond the end of a month uses the limit of the month in which it began, so that limit may end ' +
      'its call. A higher limit applies at once. Owners and administrators get a mail at 80 and at 100 percent. ' +
      'The limit bounds only usage that is charged. Nothing is charged without a subscription (on the free plan ' +
      'and on a negotiated one), so the limit is then refused with `billing.not_charged`. A limit set in a trial ' +
      'applies after it. Needs the permission `billing:write`, which owners have.',
    access: { kind: 'permission', permission: 'billing:write' },
    limit: 'api',
    body: { schema: setSpendingLimitSchema, example: setSpendingLimitExample },
    errors: [spendingErrors.notCharged],
    success,
    handle: (ctx, { body }) => setSpendingLimit(ctx, body),
    respond: (view) => ok(view),
  }),
];
