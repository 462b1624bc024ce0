import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { invoiceReported } from '../provider-events/index.ts';
import { applyInvoice } from './apply-invoice.ts';

export const invoiceSubscriptions: readonly Subscription[] = [
  subscribe(
    invoiceReported,
    'invoices.apply',
    async (ctx, { provider, invoiceId }) => void (await applyInvoice(ctx, provider, invoiceId)),
    { timeLimitSeconds: 45 },
  ),
];
