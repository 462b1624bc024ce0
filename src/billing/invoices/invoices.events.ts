import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent, type DomainEvent } from '../../kernel/events/index.ts';
import { moneySchema, presentMoney } from '../../kernel/money/index.ts';
import type { InvoiceRow } from './invoices.rules.ts';
import { statusSchema } from './invoices.schemas.ts';

const payload = z.object({
  invoiceId: idSchema('invoice').describe('Id of the invoice.'),
  number: z.string().nullable().describe('Number of the invoice; null while it is a draft.'),
  status: statusSchema.describe('Its status.'),
  total: moneySchema.describe('Its total, with tax and discounts.'),
  remaining: moneySchema.describe('The amount still to be paid.'),
  refunded: moneySchema.describe('The amount refunded to the card so far.'),
  nextAttemptAt: z.iso
    .datetime()
    .nullable()
    .describe('When its payment is attempted next; null when no attempt is planned.'),
});

const example: z.output<typeof payload> = {
  invoiceId: exampleId('invoice'),
  number: 'A1B2C3D4-0002',
  status: 'paid',
  total: { amountMicros: 59_740_000, currency: 'USD' },
  remaining: { amountMicros: 0, currency: 'USD' },
  refunded: { amountMicros: 0, currency: 'USD' },
  nextAttemptAt: null,
};
const open = { status: 'open', remaining: example.total } as const;

const define = (type: string, description: string, own: Partial<typeof example> = {}) =>
  defineEvent({
    type,
    description,
    payload,
    example: { ...example, ...own },
    key: ({ invoiceId }) => invoiceId,
  });

const EVENTS = {
  issued: define('invoice.issued', 'An invoice became final: it has its number and does not change.', open),
  paid: define('invoice.paid', 'An invoice was paid, or had nothing to pay.'),
  payment_failed: define('invoice.payment_failed', 'The payment of an invoice failed.', {
    ...open,
    nextAttemptAt: '2026-02-04T01:00:00.000Z',
  }),
  voided: define('invoice.voided', 'An invoice was withdrawn.', { status: 'void' }),
  uncollectible: define('invoice.uncollectible', 'An invoice was written off.', {
    ...open,
    status: 'uncollectible',
  }),
  credited: define(
    'invoice.credited',
    'A credit note gave back some of what was paid for an invoice, or took it off what is due.',
  ),
  refunded: define('invoice.refunded', 'Some of what was paid for an invoice was refunded to the card.', {
    refunded: { amountMicros: 10_000_000, currency: 'USD' },
  }),
};

export const invoiceEvents = Object.values(EVENTS);

/** The event about an invoice as it is now. */
export function buildInvoiceEvent(
  what: keyof typeof EVENTS,
  { id, number, status, total, remaining, refunded, currency, nextAttemptAt }: InvoiceRow,
): DomainEvent {
  return EVENTS[what].of({
    invoiceId: id,
    number,
    status,
    total: presentMoney(total, currency),
    remaining: presentMoney(remaining, currency),
    refunded: presentMoney(refunded, currency),
    nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
  });
}
