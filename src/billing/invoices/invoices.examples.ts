import { presentMoney } from '../../kernel/money/index.ts';
import {
  type InvoiceDetailView,
  invoiceExampleId,
  type InvoiceView,
  type UpcomingView,
} from './invoices.schemas.ts';

const cents = (amount: number) => presentMoney(BigInt(amount) * 10_000n);

const amounts = {
  subtotal: cents(50_20),
  discount: cents(0),
  tax: cents(9_54),
  total: cents(59_74),
  fromBalance: cents(0),
  due: cents(59_74),
};
const lines: UpcomingView['lines'] = [
  {
    description: '120 × Additional participant minutes',
    meter: 'participant_minutes',
    quantity: 120,
    amount: cents(1_20),
    discount: cents(0),
    tax: cents(23),
    isProration: false,
    periodStartsAt: '2026-01-01T00:00:00.000Z',
    periodEndsAt: '2026-02-01T00:00:00.000Z',
  },
  {
    description: '1 × AuraLink Pro',
    meter: null,
    quantity: 1,
    amount: cents(49_00),
    discount: cents(0),
    tax: cents(9_31),
    isProration: false,
    periodStartsAt: '2026-02-01T00:00:00.000Z',
    periodEndsAt: '2026-03-01T00:00:00.000Z',
  },
];

export const invoiceExample: InvoiceView = {
  id: invoiceExampleId,
  number: 'A1B2C3D4-0002',
  status: 'paid',
  currency: 'USD',
  ...amounts,
  paid: amounts.total,
  remaining: cents(0),
  credited: cents(0),
  refunded: cents(0),
  paymentAttempts: 1,
  nextAttemptAt: null,
  issuedAt: '2026-02-01T01:00:00.000Z',
  dueAt: null,
  paidAt: '2026-02-01T01:00:03.000Z',
  createdAt: '2026-02-01T00:00:00.000Z',
};
export const invoiceDetailExample: InvoiceDetailView = {
  ...invoiceExample,
  lines,
  creditNotes: [],
  refunds: [],
  pageUrl: 'https://invoice.stripe.com/i/acct_1/live_1',
  pdfUrl: 'https://pay.stripe.com/invoice/acct_1/live_1/pdf',
};
export const creditedExample: InvoiceDetailView = {
  ...invoiceDetailExample,
  credited: cents(10_00),
  refunded: cents(10_00),
  creditNotes: [
    {
      number: 'A1B2C3D4-0002-CN-01',
      amount: cents(10_00),
      refunded: cents(10_00),
      reason: 'product_unsatisfactory',
      memo: 'Outage on 3 February',
      createdAt: '2026-02-05T09:30:00.000Z',
    },
  ],
  refunds: [{ amount: cents(10_00), isComplete: true, createdAt: '2026-02-05T09:30:00.000Z' }],
};
export const upcomingExample: UpcomingView = { currency: 'USD', ...amounts, lines };
