import { z } from '@hono/zod-openapi';
import { idSchema, lineSchema } from '../../kernel/core/index.ts';
import { CREDIT_REASONS } from '../providers/index.ts';

export const creditParamsSchema = z.object({
  organizationId: idSchema('organization').openapi({ description: 'Id of the organization.' }),
  invoiceId: idSchema('invoice').openapi({ description: 'Id of the invoice.' }),
});

export const creditSchema = z.strictObject({
  as: z.enum(['refund', 'balance', 'due']).openapi({
    description:
      '`refund`: what was paid goes back to the card. `balance`: what was paid becomes credit for later invoices. ' +
      '`due`: taken off the amount due of an open invoice.',
    example: 'refund',
  }),
  amountMicros: z
    .int()
    .min(1)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .openapi({
      description:
        "The amount with tax, in millionths of the invoice's currency and a whole number of its smallest unit. Default: all that " +
        'can be credited.',
      example: 10_000_000,
    }),
  providerReason: z
    .enum(CREDIT_REASONS)
    .optional()
    .openapi({ description: 'The reason, as a value that the provider knows.' }),
  reason: lineSchema(500).openapi({
    description: 'The reason in words, shown on the credit note and in the audit log; 1 to 500 characters.',
    example: 'Outage on 3 February',
  }),
});
export type CreditInput = z.output<typeof creditSchema>;
