import { z } from '@hono/zod-openapi';

/** The fields of Paddle's objects that are read. Amounts are minor units as strings; moments are RFC 3339. */

const moment = z.string().transform((text, context) => {
  const at = Date.parse(text);
  if (!Number.isNaN(at)) return at;
  context.addIssue('is no moment');
  return z.NEVER;
});
const amount = z
  .string()
  .regex(/^-?\d{1,18}$/)
  .transform(BigInt);
const spanSchema = z.object({ starts_at: moment, ends_at: moment });
const customData = z.record(z.string(), z.unknown()).nullish();

export const idSchema = z.object({ id: z.string() });

export const priceSchema = z.object({
  id: z.string(),
  product_id: z.string(),
  description: z.string(),
  name: z.string().nullish(),
  custom_data: customData,
  unit_price: z.object({ amount, currency_code: z.string() }),
  billing_cycle: z.object({ interval: z.string(), frequency: z.int() }).nullish(),
  quantity: z.object({ minimum: z.number(), maximum: z.number() }),
});
export type PaddlePrice = z.output<typeof priceSchema>;

export const productSchema = z.object({ id: z.string(), custom_data: customData });

export const customerSchema = z.object({ id: z.string(), status: z.string(), custom_data: customData });

const totals = { subtotal: amount, discount: amount, tax: amount, total: amount };
const transactionTotals = z.object({
  ...totals,
  credit: amount,
  credit_to_balance: amount,
  grand_total: amount,
  currency_code: z.string(),
});
const lineSchema = z.object({
  id: z.string().optional(),
  price_id: z.string(),
  quantity: z.number(),
  proration: z.object({ billing_period: spanSchema.nullish() }).nullish(),
  totals: z.object(totals),
  product: z.object({ id: z.string().nullish(), name: z.string(), custom_data: customData }),
});
export type PaddleLine = z.output<typeof lineSchema>;

const detailsSchema = z.object({ totals: transactionTotals, line_items: z.array(lineSchema) });
const nextTransactionSchema = z.object({ billing_period: spanSchema, details: detailsSchema });

export const adjustmentSchema = z.object({
  id: z.string(),
  action: z.string(),
  status: z.string(),
  reason: z.string(),
  currency_code: z.string(),
  totals: z.object({ total: amount }),
  items: z.array(z.object({ item_id: z.string(), totals: z.object({ total: amount }).nullish() })),
  created_at: moment,
});
export type PaddleAdjustment = z.output<typeof adjustmentSchema>;

export const transactionSchema = z.object({
  id: z.string(),
  status: z.string(),
  customer_id: z.string().nullish(),
  subscription_id: z.string().nullish(),
  invoice_number: z.string().nullish(),
  custom_data: customData,
  currency_code: z.string(),
  billing_period: spanSchema.nullish(),
  items: z.array(z.object({ price: priceSchema.nullish(), quantity: z.number() })),
  details: detailsSchema,
  payments: z.array(z.object({ status: z.string(), captured_at: moment.nullish() })),
  checkout: z.object({ url: z.string().nullish() }).nullish(),
  created_at: moment,
  billed_at: moment.nullish(),
});
export type PaddleTransaction = z.output<typeof transactionSchema>;

export const subscriptionSchema = z.object({
  id: z.string(),
  status: z.string(),
  customer_id: z.string(),
  currency_code: z.string(),
  created_at: moment,
  started_at: moment.nullish(),
  first_billed_at: moment.nullish(),
  next_billed_at: moment.nullish(),
  canceled_at: moment.nullish(),
  current_billing_period: spanSchema.nullish(),
  scheduled_change: z.object({ action: z.string(), effective_at: moment }).nullish(),
  items: z.array(z.object({ price: priceSchema, quantity: z.number(), trial_dates: spanSchema.nullish() })),
  custom_data: customData,
  next_transaction: nextTransactionSchema.nullish(),
});
export type PaddleSubscription = z.output<typeof subscriptionSchema>;

export const previewSchema = subscriptionSchema.omit({ id: true }).extend({
  immediate_transaction: nextTransactionSchema.nullish(),
});
export type PaddlePreview = z.output<typeof previewSchema>;

export const paymentMethodSchema = z.object({
  id: z.string(),
  type: z.string(),
  card: z
    .object({
      type: z.string(),
      last4: z.string(),
      expiry_month: z.int(),
      expiry_year: z.int(),
    })
    .nullish(),
});

export const portalSchema = z.object({ urls: z.object({ general: z.object({ overview: z.string() }) }) });
export const invoiceFileSchema = z.object({ url: z.string() });
