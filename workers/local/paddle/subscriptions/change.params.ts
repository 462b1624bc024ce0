import { z } from '@hono/zod-openapi';
import { priceItem } from '../catalog/prices.ts';
import { moment, text } from '../http/params.ts';

export const changeShape = {
  items: z.array(priceItem).min(1).max(100).optional(),
  proration_billing_mode: z
    .enum([
      'prorated_immediately',
      'prorated_next_billing_period',
      'full_immediately',
      'full_next_billing_period',
      'do_not_bill',
    ])
    .optional(),
  on_payment_failure: z.enum(['prevent_change', 'apply_change']).default('prevent_change'),
  next_billed_at: moment.optional(),
  discount: z
    .strictObject({ id: text, effective_from: z.enum(['next_billing_period', 'immediately']) })
    .nullable()
    .optional(),
  scheduled_change: z.null().optional(),
  custom_data: z.record(z.string(), z.unknown()).nullable().optional(),
};
export type SubscriptionChange = z.output<z.ZodObject<typeof changeShape>>;
export type BillingMode = NonNullable<SubscriptionChange['proration_billing_mode']>;
