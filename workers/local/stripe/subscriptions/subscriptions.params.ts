import { z } from '@hono/zod-openapi';
import { discountsParam } from '../catalog/discounts.ts';
import { bool, clearable, currency, int, list, metadata, positive, text } from '../http/params.ts';

const newItem = z.strictObject({
  price: text,
  quantity: positive.optional(),
  metadata: metadata.optional(),
  tax_rates: clearable(list(text)).optional(),
});
const changedItem = newItem.partial().extend({ id: text.optional(), deleted: bool.optional() });

export const prorationBehavior = z.enum(['create_prorations', 'always_invoice', 'none']);
const pauseCollection = clearable(
  z.strictObject({
    behavior: z.enum(['keep_as_draft', 'mark_uncollectible', 'void']),
    resumes_at: int.optional(),
  }),
);
const trialSettings = z.strictObject({
  end_behavior: z.strictObject({ missing_payment_method: z.enum(['cancel', 'create_invoice', 'pause']) }),
});

const common = {
  automatic_tax: z.strictObject({ enabled: bool }).optional(),
  cancel_at: clearable(int).optional(),
  cancel_at_period_end: bool.optional(),
  collection_method: z.enum(['charge_automatically', 'send_invoice']).optional(),
  days_until_due: positive.optional(),
  default_payment_method: clearable(text).optional(),
  default_tax_rates: clearable(list(text)).optional(),
  description: clearable(text).optional(),
  discounts: discountsParam.optional(),
  metadata: metadata.optional(),
  off_session: bool.optional(),
  payment_settings: z
    .strictObject({ save_default_payment_method: z.enum(['off', 'on_subscription']).optional() })
    .optional(),
  trial_settings: trialSettings.optional(),
};

export const newSubscriptionShape = {
  ...common,
  billing_cycle_anchor: int.optional(),
  currency: currency.optional(),
  customer: text,
  items: list(newItem).min(1),
  payment_behavior: z
    .enum(['allow_incomplete', 'default_incomplete', 'error_if_incomplete'])
    .default('allow_incomplete'),
  proration_behavior: prorationBehavior.default('create_prorations'),
  trial_end: z.union([z.literal('now'), int]).optional(),
  trial_period_days: positive.optional(),
};
export type NewSubscription = z.output<z.ZodObject<typeof newSubscriptionShape>>;

const repricing = {
  billing_cycle_anchor: z
    .strictObject({ type: z.enum(['now', 'unchanged']) })
    .transform(({ type }) => type)
    .optional(),
  cancel_at: clearable(int).optional(),
  cancel_at_period_end: bool.optional(),
  items: list(changedItem).optional(),
  proration_behavior: prorationBehavior.optional(),
  proration_date: int.optional(),
  trial_end: z.union([z.literal('now'), int]).optional(),
};

export const changeShape = {
  ...common,
  ...repricing,
  cancellation_details: z
    .strictObject({ comment: clearable(text).optional(), feedback: text.optional() })
    .optional(),
  pause_collection: pauseCollection.optional(),
  payment_behavior: z.enum(['allow_incomplete', 'error_if_incomplete']).default('allow_incomplete'),
};
export type SubscriptionChange = Partial<z.output<z.ZodObject<typeof changeShape>>>;
export type ChangedItem = z.output<typeof changedItem>;

/** `subscription_details` of a preview. */
export const previewedChange = z.strictObject({
  ...repricing,
  default_tax_rates: clearable(list(text)).optional(),
});
