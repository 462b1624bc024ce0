import { z } from '@hono/zod-openapi';
import { discountsParam } from '../catalog/discounts.ts';
import { bool, int, list, metadata, positive, text } from '../http/params.ts';

const subscriptionData = z.strictObject({
  default_tax_rates: list(text).optional(),
  description: text.optional(),
  metadata: metadata.optional(),
  trial_period_days: positive.optional(),
  trial_settings: z
    .strictObject({
      end_behavior: z.strictObject({ missing_payment_method: z.enum(['cancel', 'create_invoice', 'pause']) }),
    })
    .optional(),
});

export const newSessionShape = {
  allow_promotion_codes: bool.optional(),
  automatic_tax: z.strictObject({ enabled: bool }).optional(),
  cancel_url: text.optional(),
  client_reference_id: text.optional(),
  customer: text.optional(),
  customer_email: text.optional(),
  customer_update: z.record(z.enum(['address', 'name']), z.enum(['auto', 'never'])).optional(),
  discounts: discountsParam.optional(),
  expires_at: int.optional(),
  line_items: list(z.strictObject({ price: text, quantity: positive.optional() })).optional(),
  locale: text.optional(),
  metadata: metadata.optional(),
  mode: z.enum(['subscription', 'setup']),
  payment_method_collection: z.enum(['always', 'if_required']).optional(),
  subscription_data: subscriptionData.optional(),
  success_url: text,
  tax_id_collection: z.strictObject({ enabled: bool }).optional(),
};
export type NewSession = z.output<z.ZodObject<typeof newSessionShape>>;
