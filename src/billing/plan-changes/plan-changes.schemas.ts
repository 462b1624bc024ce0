import { z } from '@hono/zod-openapi';
import { momentSchema } from '../../kernel/core/index.ts';
import { moneySchema } from '../../kernel/money/index.ts';
import { MOST_SEATS } from '../../identity/entitlements/index.ts';
import { intervalSchema, seatsSchema, soldPlanSchema } from '../subscriptions/index.ts';

const moment = (description: string) => z.iso.datetime().openapi({ description });

export const changeSubscriptionSchema = z
  .strictObject({
    plan: soldPlanSchema.optional().describe('Plan to change to; absent to keep it.'),
    interval: intervalSchema.optional().describe('How often the plan is to be charged; absent to keep it.'),
    seats: seatsSchema
      .optional()
      .describe(
        `Total number of members beyond those that the plan includes, 0 to ${MOST_SEATS}. Absent to keep the ` +
          'seats, except those whose members another plan includes. Fewer seats cannot be combined with another ' +
          'interval or a larger plan, which take effect at once.',
      ),
  })
  .refine(
    (change) => Object.values(change).some((value) => value !== undefined),
    'must name a plan, an interval or seats',
  );
export type ChangeSubscription = z.output<typeof changeSubscriptionSchema>;

const previewLineSchema = z
  .object({
    description: z.string().openapi({ description: 'Description of the line.' }),
    amount: moneySchema.openapi({ description: 'Amount without taxes; negative for a credit.' }),
  })
  .openapi('SubscriptionPreviewLine');
export const previewSchema = z
  .object({
    timing: z.enum(['now', 'period_end', 'undo']).openapi({
      description:
        'When the change takes effect. `now`: at once. `period_end`: when the paid period ends. `undo`: it takes ' +
        'back a pending change.',
    }),
    changesAt: moment('Time at which the change takes effect.'),
    plan: soldPlanSchema.describe('Plan after the change.'),
    interval: intervalSchema.describe('How often it is charged after the change; a year costs ten months.'),
    seats: z.int().openapi({ description: 'Seats after the change.' }),
    dueNow: moneySchema.openapi({ description: 'Amount charged at once, after credit and with taxes.' }),
    tax: moneySchema.openapi({ description: 'Taxes of the invoice with these lines.' }),
    lines: z.array(previewLineSchema).openapi({
      description:
        'Lines of the invoice that is charged at once, or of the next one when nothing is due at once.',
    }),
    nextInvoiceAt: moment('When the next regular invoice is made.'),
  })
  .openapi('SubscriptionPreview');
export type PreviewView = z.output<typeof previewSchema>;

export const cancelSubscriptionSchema = z.strictObject({
  at: z
    .enum(['period_end', 'now'])
    .default('period_end')
    .openapi({
      description:
        'When the subscription ends. `period_end`: when the paid period ends. `now`: at once, and nothing is paid ' +
        'back.',
    }),
});
export type CancelSubscription = z.output<typeof cancelSubscriptionSchema>;

export const pauseSubscriptionSchema = z.strictObject({
  resumesAt: momentSchema
    .optional()
    .openapi({ description: 'When the pause ends by itself; absent to end it with a request.' }),
});
export type PauseSubscription = z.output<typeof pauseSubscriptionSchema>;

export const previewExample: PreviewView = {
  timing: 'now',
  changesAt: '2026-01-20T09:30:00.000Z',
  plan: 'enterprise',
  interval: 'monthly',
  seats: 0,
  dueNow: { amountMicros: 225_000_000, currency: 'USD' },
  tax: { amountMicros: 0, currency: 'USD' },
  lines: [
    { description: 'Unused time on AuraLink Pro', amount: { amountMicros: -24_500_000, currency: 'USD' } },
    {
      description: 'Remaining time on AuraLink Enterprise',
      amount: { amountMicros: 249_500_000, currency: 'USD' },
    },
  ],
  nextInvoiceAt: '2026-02-05T09:30:00.000Z',
};
