import { z } from '@hono/zod-openapi';
import { INCLUDED_METERS } from '../../identity/entitlements/index.ts';
import { exampleId, idSchema, momentSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';
import { moneySchema } from '../../kernel/money/index.ts';
import { CREDIT_REASONS, INVOICE_STATUSES } from '../providers/index.ts';

const moment = (description: string) =>
  z.iso.datetime().openapi({ description, example: '2026-02-01T01:00:00.000Z' });
const momentOrNull = (description: string) =>
  z.iso.datetime().nullable().openapi({ description, example: '2026-02-01T01:00:00.000Z' });
const money = (description: string) => moneySchema.openapi({ description });

/** Lines, credit notes and refunds as the table holds them: amounts in micro-units, times in milliseconds. */
export interface StoredLine {
  description: string;
  quantity: number | null;
  amount: number;
  discount: number;
  tax: number;
  periodStartsAtMs: number;
  periodEndsAtMs: number;
  isProration: boolean;
  meter: (typeof INCLUDED_METERS)[number] | null;
}
export interface StoredCreditNote {
  number: string;
  amount: number;
  refunded: number;
  reason: (typeof CREDIT_REASONS)[number] | null;
  memo: string | null;
  createdAtMs: number;
}
export interface StoredRefund {
  amount: number;
  isComplete: boolean;
  createdAtMs: number;
}

export const statusSchema = z.enum(INVOICE_STATUSES).openapi({
  description:
    '`draft`: can still change. `open`: is to be paid. `paid`: nothing is left to pay. `void`: was withdrawn. ' +
    '`uncollectible`: was written off.',
});
const invoiceIdSchema = idSchema('invoice').openapi({ description: 'Id of the invoice.' });
export const invoiceParamsSchema = z.object({ invoiceId: invoiceIdSchema });

const lineSchema = z
  .object({
    description: z.string().openapi({ description: 'What is charged.', example: '1 × AuraLink Pro' }),
    meter: z.enum(INCLUDED_METERS).nullable().openapi({
      description: 'Meter of the usage beyond the plan; null for other lines.',
    }),
    quantity: z.int().nullable().openapi({ description: 'Number of units; null where that has no meaning.' }),
    amount: money('Amount without tax and before discounts; negative for a credit.'),
    discount: money('Discounts on it.'),
    tax: money('The tax on it.'),
    isProration: z.boolean().openapi({
      description: 'Whether it is for part of a period, after a change of plan.',
    }),
    periodStartsAt: moment('Start of the time that the line covers.'),
    periodEndsAt: moment('End of the time that the line covers.'),
  })
  .openapi('InvoiceLine');

const creditNoteSchema = z
  .object({
    number: z.string().openapi({ description: 'Number of the credit note.', example: 'A1B2C3D4-0001-CN-01' }),
    amount: money('Amount given back or taken off, with tax.'),
    refunded: money(
      'Amount of it refunded to the card; the rest is credit for later invoices, or was never paid.',
    ),
    reason: z
      .enum(CREDIT_REASONS)
      .nullable()
      .openapi({ description: 'The reason, as the provider records it.' }),
    memo: z.string().nullable().openapi({ description: 'Why, in words.', example: 'Outage on 3 January' }),
    createdAt: moment('When it was made.'),
  })
  .openapi('InvoiceCreditNote');
const refundSchema = z
  .object({
    amount: money('What went back to the card.'),
    isComplete: z.boolean().openapi({ description: 'Whether it has arrived, as far as the provider knows.' }),
    createdAt: moment('When it was made.'),
  })
  .openapi('InvoiceRefund');

const amountFields = {
  subtotal: money('Sum of the lines.'),
  discount: money('Sum of the discounts.'),
  tax: money('The tax.'),
  total: money('`subtotal` - `discount` + `tax`.'),
  fromBalance: money('Amount paid by credit from earlier invoices; negative when the total became credit.'),
  due: money(
    'Amount that was paid or is to be paid: `total` without `fromBalance` and without credit given before ' +
      'payment.',
  ),
};
const statedFields = {
  status: statusSchema,
  currency: z.string().openapi({ description: 'Currency of all amounts.', example: 'USD' }),
};

export const invoiceSchema = z
  .object({
    id: invoiceIdSchema,
    number: z.string().nullable().openapi({
      description: 'Number of the invoice; null while it is a draft.',
      example: 'A1B2C3D4-0001',
    }),
    ...statedFields,
    ...amountFields,
    paid: money('What was paid.'),
    remaining: money('Amount still to be paid.'),
    credited: money('Amount that credit notes took off or gave back.'),
    refunded: money('Amount refunded to the card, with or without credit notes.'),
    paymentAttempts: z
      .int()
      .openapi({ description: 'Number of attempts to collect its payment.', example: 1 }),
    nextAttemptAt: momentOrNull('When its payment is attempted next; null when no attempt is planned.'),
    issuedAt: momentOrNull('When it became final; null while it is a draft.'),
    dueAt: momentOrNull('When its payment is due; null when it is charged at once.'),
    paidAt: momentOrNull('When it was paid.'),
    createdAt: moment('When it was created.'),
  })
  .openapi('Invoice');
export type InvoiceView = z.output<typeof invoiceSchema>;

export const invoiceDetailSchema = invoiceSchema
  .extend({
    lines: z.array(lineSchema).openapi({ description: 'The lines.' }),
    creditNotes: z.array(creditNoteSchema).openapi({ description: 'The credit notes, the newest first.' }),
    refunds: z.array(refundSchema).openapi({ description: 'The refunds, the newest first.' }),
    pageUrl: z
      .url()
      .nullable()
      .openapi({
        description:
          "The payment provider's page of the invoice, on which it can be paid. The address expires, so it is " +
          'read with each request; null for a draft, and while the provider cannot be reached.',
        example: 'https://invoice.stripe.com/i/acct_1/live_1',
      }),
    pdfUrl: z.url().nullable().openapi({
      description: 'The invoice as a PDF, like `pageUrl`.',
      example: 'https://pay.stripe.com/invoice/acct_1/live_1/pdf',
    }),
  })
  .openapi('InvoiceDetail');
export type InvoiceDetailView = z.output<typeof invoiceDetailSchema>;

export const upcomingSchema = z
  .object({
    currency: statedFields.currency,
    ...amountFields,
    lines: z.array(lineSchema).openapi({ description: 'The lines, as they would be now.' }),
  })
  .openapi('UpcomingInvoice');
export type UpcomingView = z.output<typeof upcomingSchema>;

export const listInvoicesQuerySchema = pageQuerySchema.extend({
  status: z.enum(INVOICE_STATUSES).optional().openapi({ description: 'Only invoices with this status.' }),
  from: momentSchema.optional().openapi({
    description: 'Only invoices created at or after this moment.',
    example: '2026-01-01T00:00:00Z',
  }),
  to: momentSchema.optional().openapi({
    description: 'Only invoices created before this moment.',
    example: '2027-01-01T00:00:00Z',
  }),
});
export type ListInvoicesQuery = z.output<typeof listInvoicesQuerySchema>;
export const invoicePageSchema = pageSchema(invoiceSchema);
export const invoiceExampleId = exampleId('invoice');
