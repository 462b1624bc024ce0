import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { MOST_SEATS, PLAN_NAMES } from '../../identity/entitlements/index.ts';
import { INTERVALS } from '../plans/index.ts';
import { PROVIDER_NAMES, SOLD_PLANS } from '../providers/index.ts';
import { GRACE_DAYS, SUBSCRIPTION_STATUSES } from './subscriptions.enums.ts';

const moment = (description: string) => z.iso.datetime().openapi({ description });
const momentOrNull = (description: string) => z.iso.datetime().nullable().openapi({ description });

export const subscriptionIdSchema = idSchema('subscription');
export const soldPlanSchema = z
  .enum(SOLD_PLANS)
  .openapi({ example: 'pro' })
  .describe('Name of a plan that can be subscribed to.');
export const intervalSchema = z
  .enum(INTERVALS)
  .openapi({ example: 'monthly' })
  .describe('How often the plan is charged; a year costs ten months.');

/** Requested seats. */
export const seatsSchema = z.int().min(0).max(MOST_SEATS).openapi({ example: 5 });

/** The fields of a subscription that the API and events show. */
export const subscriptionFields = {
  id: subscriptionIdSchema.describe('Id of the subscription.'),
  provider: z.enum(PROVIDER_NAMES).describe('Payment provider that charges it.'),
  status: z
    .enum(SUBSCRIPTION_STATUSES)
    .describe(
      `Its status. \`past_due\`: a payment failed, and the plan remains active for ${GRACE_DAYS} days. ` +
        '`restricted`: those days are over, and the organization is on the free plan until the payment succeeds. ' +
        '`paused`: it is not charged, and the organization is on the free plan. `incomplete`: the first payment was ' +
        'not made yet.',
    ),
  plan: z.enum(SOLD_PLANS).describe('Plan that the current period is for.'),
  planVersion: z.int().describe('Version of the terms of the plan.'),
  interval: intervalSchema,
};

export const subscriptionSchema = z
  .object({
    ...subscriptionFields,
    seats: z.int().openapi({
      description: 'Members beyond those that the plan includes, each of which is charged.',
    }),
    nextPlan: z
      .enum(SOLD_PLANS)
      .nullable()
      .openapi({ description: 'Plan that it changes to at `changesAt`; null when no change is pending.' }),
    nextInterval: z
      .enum(INTERVALS)
      .nullable()
      .openapi({ description: 'How often it is charged from `changesAt`; null when no change is pending.' }),
    nextSeats: z
      .int()
      .nullable()
      .openapi({ description: 'Seats that it has from `changesAt`; null when no change is pending.' }),
    changesAt: momentOrNull('When the pending change takes effect: at the end of the paid period.'),
    startsAt: moment('When it began.'),
    periodStartsAt: moment('Start of the current period.'),
    periodEndsAt: moment('End of the current period, when the next one is charged.'),
    trialEndsAt: momentOrNull('End of the trial, when the first charge is made; null when there is none.'),
    cancelsAt: momentOrNull('When it ends because it was cancelled; null when it was not.'),
    endedAt: momentOrNull('When it ended; null while it lasts.'),
    resumesAt: momentOrNull('When a pause ends by itself; null when it does not.'),
    graceEndsAt: momentOrNull(
      'End of the time in which the plan remains active although a payment failed; null when none failed.',
    ),
    restrictedAt: momentOrNull(
      'Since when the organization is restricted to the free plan; null when it is not.',
    ),
  })
  .openapi('Subscription');
export type SubscriptionView = z.output<typeof subscriptionSchema>;

export const billingStateSchema = z
  .object({
    paymentsAvailable: z.boolean().openapi({
      description:
        'Whether a payment provider is configured. Without one there is only the free plan, and every operation that needs a ' +
        'provider answers `billing.not_configured`.',
    }),
    plan: z.enum(PLAN_NAMES).openapi({ description: 'Plan that the organization is on now.' }),
    trialDays: z
      .object({
        pro: z.int().openapi({ description: 'Days without a charge with the plan pro.' }),
        enterprise: z.int().openapi({ description: 'Days without a charge with the plan enterprise.' }),
      })
      .openapi({
        description: 'Trials that the next checkout gives; 0 once the organization had a subscription.',
      }),
    subscription: subscriptionSchema.nullable().openapi({
      description: 'The current subscription, or the last one that ended; null when there never was one.',
    }),
  })
  .openapi('BillingState');
export type BillingState = z.output<typeof billingStateSchema>;

export const subscriptionExample: SubscriptionView = {
  id: exampleId('subscription'),
  provider: 'stripe',
  status: 'active',
  plan: 'pro',
  planVersion: 1,
  interval: 'monthly',
  seats: 0,
  nextPlan: null,
  nextInterval: null,
  nextSeats: null,
  changesAt: null,
  startsAt: '2026-01-05T09:30:00.000Z',
  periodStartsAt: '2026-01-05T09:30:00.000Z',
  periodEndsAt: '2026-02-05T09:30:00.000Z',
  trialEndsAt: null,
  cancelsAt: null,
  endedAt: null,
  resumesAt: null,
  graceEndsAt: null,
  restrictedAt: null,
};
export const billingStateExample: BillingState = {
  paymentsAvailable: true,
  plan: 'pro',
  trialDays: { pro: 0, enterprise: 0 },
  subscription: subscriptionExample,
};
