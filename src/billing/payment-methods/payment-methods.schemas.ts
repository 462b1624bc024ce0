import { z } from '@hono/zod-openapi';

/** As providers make them: letters, digits and a few signs. */
const paymentMethodIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{3,255}$/, 'must be an id of a payment method')
  .openapi({
    description: 'Id of the payment method, as the provider has it.',
    example: 'pm_1QhXYZ2eZvKYlo2C',
  });

export const paymentMethodParamsSchema = z.object({ paymentMethod: paymentMethodIdSchema });
export const setDefaultSchema = z.strictObject({ paymentMethodId: paymentMethodIdSchema });

const paymentMethodSchema = z
  .object({
    id: paymentMethodIdSchema,
    kind: z.string().openapi({ description: 'Its type, as the provider names it.', example: 'card' }),
    brand: z
      .string()
      .nullable()
      .openapi({ description: 'Brand of a card; otherwise null.', example: 'visa' }),
    last4: z
      .string()
      .nullable()
      .openapi({ description: 'Last digits of a card; otherwise null.', example: '4242' }),
    expiryMonth: z.int().nullable().openapi({
      description: 'Month in which a card expires, 1 to 12; otherwise null.',
      example: 12,
    }),
    expiryYear: z.int().nullable().openapi({ description: 'Year of that month.', example: 2030 }),
    isDefault: z.boolean().openapi({ description: 'Whether subscriptions are charged to it.' }),
  })
  .openapi('PaymentMethod');
export const paymentMethodsSchema = z
  .object({
    data: z
      .array(paymentMethodSchema)
      .max(100)
      .openapi({ description: 'All payment methods, the newest first.' }),
  })
  .openapi('PaymentMethods');
export type PaymentMethodsView = z.output<typeof paymentMethodsSchema>;

export const paymentMethodsExample: PaymentMethodsView = {
  data: [
    {
      id: 'pm_1QhXYZ2eZvKYlo2C',
      kind: 'card',
      brand: 'visa',
      last4: '4242',
      expiryMonth: 12,
      expiryYear: 2030,
      isDefault: true,
    },
  ],
};
