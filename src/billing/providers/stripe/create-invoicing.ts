import type { ProviderInvoicing } from '../index.ts';
import type { StripeCall } from './create-stripe-client.ts';
import { creditInvoice } from './credit-invoice.ts';
import { listPaymentMethods, removePaymentMethod, setDefaultPaymentMethod } from './payment-methods.ts';
import { listInvoices, readInvoice, readUpcomingInvoice } from './read-invoices.ts';
import { readReportedUnits, reportUsage } from './report-usage.ts';

/** Invoices, payment methods and usage at Stripe. */
export const createInvoicing = (call: StripeCall): ProviderInvoicing => ({
  readInvoice: (id) => readInvoice(call, id),
  listInvoices: (customerId, createdSinceMs) => listInvoices(call, customerId, createdSinceMs),
  readUpcomingInvoice: (subscriptionId) => readUpcomingInvoice(call, subscriptionId),
  creditInvoice: (request) => creditInvoice(call, request),
  listPaymentMethods: (customerId) => listPaymentMethods(call, customerId),
  setDefaultPaymentMethod: (customerId, id) => setDefaultPaymentMethod(call, customerId, id),
  removePaymentMethod: (id) => removePaymentMethod(call, id),
  reportUsage: (report) => reportUsage(call, report),
  readReportedUnits: (usage) => readReportedUnits(call, usage),
});
