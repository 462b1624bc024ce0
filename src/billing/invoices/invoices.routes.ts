import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { providerErrors } from '../providers/index.ts';
import { creditInvoice } from './credit-invoice.ts';
import { creditParamsSchema, creditSchema } from './credit.schemas.ts';
import { invoiceErrors } from './invoices.errors.ts';
import {
  creditedExample,
  invoiceDetailExample,
  invoiceExample,
  upcomingExample,
} from './invoices.examples.ts';
import {
  invoiceDetailSchema,
  invoicePageSchema,
  invoiceParamsSchema,
  listInvoicesQuerySchema,
  upcomingSchema,
} from './invoices.schemas.ts';
import { getInvoice, getUpcomingInvoice, listInvoices } from './read-invoices.ts';

const tag = 'Billing';
const path = '/api/v1/billing/invoices';
const access = { kind: 'permission', permission: 'billing:read' } as const;
const unconfigured =
  'Without a configured payment provider there are no invoices, and the answer is `billing.not_configured`.';
const { notConfigured, providerUnavailable, providerRefused } = providerErrors;

export const invoiceRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path,
    operationId: 'listInvoices',
    tag,
    summary: 'List invoices',
    description: `Returns the invoices of the organization, the newest first. ${unconfigured}`,
    access,
    limit: 'api',
    query: listInvoicesQuerySchema,
    success: {
      200: {
        description: 'A page of invoices',
        schema: invoicePageSchema,
        example: { data: [invoiceExample], nextCursor: null },
      },
    },
    errors: [notConfigured],
    handle: (ctx, { query }) => listInvoices(ctx, query),
    respond: (page) => ok(page),
  }),
  defineRoute({
    method: 'get',
    path: `${path}/upcoming`,
    operationId: 'getUpcomingInvoice',
    tag,
    summary: 'Get the upcoming invoice',
    description:
      "Returns the next invoice of the organization's subscription as it would be now, with the overage reported " +
      'up to half an hour ago. A subscription that ends with its period has none: its remaining overage is on its ' +
      'last invoice, which is made after its end. ' +
      unconfigured,
    access,
    limit: 'api',
    success: {
      200: { description: 'The upcoming invoice', schema: upcomingSchema, example: upcomingExample },
    },
    errors: [invoiceErrors.noUpcoming, notConfigured, providerUnavailable],
    handle: (ctx) => getUpcomingInvoice(ctx),
    respond: (invoice) => ok(invoice),
  }),
  defineRoute({
    method: 'get',
    path: `${path}/{invoiceId}`,
    operationId: 'getInvoice',
    tag,
    summary: 'Get an invoice',
    description:
      'Returns an invoice with its lines, credit notes, refunds, and the addresses of its page and its PDF at the payment provider. ' +
      unconfigured,
    access,
    limit: 'api',
    params: invoiceParamsSchema,
    success: {
      200: { description: 'The invoice', schema: invoiceDetailSchema, example: invoiceDetailExample },
    },
    errors: [invoiceErrors.notFound, notConfigured],
    handle: (ctx, { params }) => getInvoice(ctx, params.invoiceId),
    respond: (invoice) => ok(invoice),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/operator/organizations/{organizationId}/invoices/{invoiceId}/credit-notes',
    operationId: 'creditInvoice',
    tag: 'Operator',
    summary: 'Credit an invoice',
    description:
      'Makes a credit note at the payment provider: it refunds what was paid, keeps it as credit for later ' +
      'invoices, or lowers the amount due. It is limited to the amount that was paid, or is due, and was not ' +
      'credited before. It is recorded in the audit log of the organization; the events `invoice.credited` and, ' +
      'for a refund, `invoice.refunded` follow. A failed request can be repeated with the same `Idempotency-Key`: ' +
      'only one credit note is made.',
    access: { kind: 'operator' },
    limit: 'api',
    idempotent: true,
    roundTrips: { max: 6, reason: 'the invoice is compared to that of the provider before and after' },
    params: creditParamsSchema,
    body: {
      schema: creditSchema,
      example: { as: 'refund' as const, amountMicros: 10_000_000, reason: 'Outage on 3 February' },
    },
    success: {
      200: { description: 'The credited invoice', schema: invoiceDetailSchema, example: creditedExample },
    },
    errors: [
      invoiceErrors.notFound,
      invoiceErrors.notCreditable,
      invoiceErrors.creditTooLarge,
      notConfigured,
      providerUnavailable,
      providerRefused,
    ],
    handle: (ctx, { params, body, request }) =>
      creditInvoice(ctx, params, body, request.headers.get('idempotency-key') ?? ctx.origin.requestId),
    respond: (invoice) => ok(invoice),
  }),
];
