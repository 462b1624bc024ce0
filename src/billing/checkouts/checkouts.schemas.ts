import { z } from '@hono/zod-openapi';
import { MOST_SEATS } from '../../identity/entitlements/index.ts';
import { emailSchema } from '../../identity/users/index.ts';
import { returnUrlSchema } from '../customers/index.ts';
import { intervalSchema, seatsSchema, soldPlanSchema } from '../subscriptions/index.ts';

export const startCheckoutSchema = z.strictObject({
  plan: soldPlanSchema,
  interval: intervalSchema,
  seats: seatsSchema
    .default(0)
    .describe(`Members beyond those that the plan includes, 0 to ${MOST_SEATS}; each is charged.`),
  promotionCode: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/)
    .optional()
    .openapi({
      description:
        'Code of a discount, 1 to 64 letters of the Latin alphabet, digits and hyphens. Without it, one can be entered on the page.',
    }),
  billingEmail: emailSchema
    .optional()
    .describe(
      'Where the payment provider sends invoices, up to 254 characters; by default the address of the user. It is ' +
        'used at the first checkout of the organization; later it can be changed in the portal.',
    ),
  returnUrl: returnUrlSchema(
    'Where the browser goes when the checkout is completed: a page of the web app, up to 2,000 characters.',
  ),
  cancelUrl: returnUrlSchema(
    'Where the browser goes when the user leaves the checkout, up to 2,000 characters; by default the same page.',
  ),
});
export type StartCheckout = z.output<typeof startCheckoutSchema>;

export const checkoutSchema = z
  .object({
    url: z.url().openapi({ description: 'Page of the payment provider on which the plan can be paid for.' }),
    expiresAt: z.iso.datetime().openapi({ description: 'Until when the page can be used.' }),
    trialDays: z.int().openapi({ description: 'Days before the first charge.' }),
  })
  .openapi('Checkout');
export type CheckoutView = z.output<typeof checkoutSchema>;

export const checkoutExample: CheckoutView = {
  url: 'https://checkout.stripe.com/c/pay/cs_1',
  expiresAt: '2026-01-06T09:30:00.000Z',
  trialDays: 14,
};
