import type { Ctx } from '../../kernel/context/index.ts';
import type { ErrorFactory } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { customerErrors } from '../customers/index.ts';
import { providerErrors } from '../providers/index.ts';
import { cancelSubscription, resumeSubscription } from './cancel-subscription.ts';
import { changePlan, previewChange } from './change-plan.ts';
import { endTrial } from './end-trial.ts';
import { pauseSubscription, unpauseSubscription } from './pause-subscription.ts';
import { subscriptionExample, subscriptionSchema, type SubscriptionView } from '../subscriptions/index.ts';
import {
  cancelSubscriptionSchema,
  changeSubscriptionSchema,
  pauseSubscriptionSchema,
  previewExample,
  previewSchema,
} from './plan-changes.schemas.ts';
import { planChangeErrors } from './plan-changes.errors.ts';

const path = '/api/v1/billing/subscription';
const { notConfigured, providerUnavailable, providerRefused, chargeTooSmall, paymentFailed, changeConflict } =
  providerErrors;
const { notSubscribed, seatsNotCounted } = customerErrors;
const { notChangeable } = planChangeErrors;
const ofProvider = [notConfigured, providerUnavailable, providerRefused];

/** Properties of all routes that change a subscription. */
const change = {
  tag: 'Billing',
  access: { kind: 'permission', permission: 'billing:write' },
  limit: 'api',
  /** Time for several requests to the provider, with repetitions. */
  timeLimitSeconds: 30,
  errors: [...ofProvider, notSubscribed, notChangeable],
} as const;
const changed = {
  ...change,
  errors: [...change.errors, changeConflict],
  success: {
    200: {
      description: 'The changed subscription',
      schema: subscriptionSchema,
      example: subscriptionExample,
    },
  },
  idempotent: true,
  roundTrips: {
    max: 5,
    reason:
      'the subscription is read before the provider is asked, the command is taken, and what came of it is stored',
  },
  respond: (subscription: SubscriptionView) => ok(subscription),
} as const;
const owners = 'Needs the permission `billing:write`, which owners have.';

/** A change that takes no body. */
const plainChange = (
  name: string,
  texts: { operationId: string; summary: string; description: string },
  handle: (ctx: Ctx) => Promise<SubscriptionView>,
  { errors = [], idempotent = true }: { errors?: readonly ErrorFactory[]; idempotent?: boolean } = {},
): Route =>
  defineRoute({
    ...changed,
    ...texts,
    errors: [...changed.errors, ...errors],
    idempotent,
    method: 'post',
    path: `${path}/${name}`,
    handle: (ctx) => handle(ctx),
  });

export const planChangeRoutes: readonly Route[] = [
  defineRoute({
    ...change,
    method: 'post',
    path: `${path}/preview`,
    operationId: 'previewSubscriptionChange',
    summary: 'Preview a plan change',
    description:
      'Returns the cost of a change of plan, interval or seats, and when it would take effect. Nothing is ' +
      `changed. ${owners}`,
    body: { schema: changeSubscriptionSchema, example: { seats: 5 } },
    errors: [...change.errors, chargeTooSmall, seatsNotCounted],
    success: {
      200: { description: 'The cost of the change', schema: previewSchema, example: previewExample },
    },
    handle: (ctx, { body }) => previewChange(ctx, body),
    respond: (preview) => ok(preview),
  }),
  defineRoute({
    ...changed,
    method: 'patch',
    path,
    operationId: 'changeSubscription',
    summary: 'Change plan or seats',
    description:
      'Changes the plan, the interval or the number of seats; a seat is a member beyond those that the plan ' +
      'includes. A larger plan, more seats or another interval take effect at once: the rest of the period is ' +
      'credited, and the difference is charged. A smaller plan or fewer seats take effect when the paid period ' +
      'ends; naming the current plan, interval and seats takes that back. An absent field keeps its value, or the ' +
      'value that a pending change gives it. Members beyond a lower limit stay, but none can be added. In a trial ' +
      'a change is free, but a change to a plan without a trial ends it. ' +
      owners,
    body: { schema: changeSubscriptionSchema, example: { plan: 'enterprise', seats: 5 } },
    errors: [...changed.errors, chargeTooSmall, seatsNotCounted, paymentFailed],
    handle: (ctx, { body }) => changePlan(ctx, body),
  }),
  plainChange(
    'end-trial',
    {
      operationId: 'endTrial',
      summary: 'End the subscription trial',
      description:
        'Ends the trial at once: the first period begins and is charged, with the seats. `GET ' +
        '/api/v1/billing/invoices/upcoming` shows that charge beforehand. From then on, usage beyond the plan is ' +
        `charged instead of refused. ${owners}`,
    },
    endTrial,
    { errors: [paymentFailed] },
  ),
  defineRoute({
    ...changed,
    method: 'post',
    path: `${path}/cancel`,
    operationId: 'cancelSubscription',
    summary: 'Cancel the subscription',
    description:
      'Ends the subscription when the paid period ends, or at once. Then the organization is on the free plan. ' +
      owners,
    body: { schema: cancelSubscriptionSchema, example: { at: 'period_end' } },
    handle: (ctx, { body }) => cancelSubscription(ctx, body),
  }),
  plainChange(
    'resume',
    {
      operationId: 'resumeSubscription',
      summary: 'Resume the subscription',
      description: `Takes back a cancellation before the subscription has ended. ${owners}`,
    },
    resumeSubscription,
  ),
  defineRoute({
    ...changed,
    method: 'post',
    path: `${path}/pause`,
    idempotent: false,
    operationId: 'pauseSubscription',
    summary: 'Pause the subscription',
    description:
      'Pauses the subscription at once: nothing is charged, and the organization is on the free plan until the ' +
      `pause ends. The rest of the period is not paid back. ${owners}`,
    body: { schema: pauseSubscriptionSchema, example: { resumesAt: '2099-01-01T00:00:00.000Z' } },
    handle: (ctx, { body }) => pauseSubscription(ctx, body),
  }),
  plainChange(
    'unpause',
    {
      operationId: 'unpauseSubscription',
      summary: 'End a subscription pause',
      description: `Ends a pause: the organization is on its plan again, and the next period is charged. ${owners}`,
    },
    unpauseSubscription,
    // It changes the plan, which makes the caller's token outdated, so a stored response could not be repeated; the
    // state answers a repetition.
    { idempotent: false },
  ),
];
