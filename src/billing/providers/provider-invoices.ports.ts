import type { IncludedMeter } from '../../identity/entitlements/index.ts';
import type { Micros } from '../../kernel/money/index.ts';
import type { CreditReason, InvoiceStatus } from './providers.enums.ts';

/** A line of an invoice. Amounts are without tax and before discounts. */
export interface ProviderInvoiceLine {
  description: string;
  quantity: number | null;
  amount: Micros;
  /** What discounts take off it, from 0. */
  discount: Micros;
  tax: Micros;
  periodStartsAtMs: number;
  periodEndsAtMs: number;
  /** Whether it charges or gives back a part of a period, after a change of plan. */
  isProration: boolean;
  /** The meter of usage beyond the plan; null for a line of anything else. */
  meter: IncludedMeter | null;
}

/** An invoice as the provider has it now. Sum of lines = subtotal; subtotal - discount + tax = total. */
export interface ProviderInvoice {
  id: string;
  /** Null while it is a draft. */
  number: string | null;
  customerId: string;
  subscriptionId: string | null;
  status: InvoiceStatus;
  currency: string;
  subtotal: Micros;
  discount: Micros;
  tax: Micros;
  total: Micros;
  /** What the customer's credit at the provider pays of the total; negative for a total that became credit. */
  fromBalance: Micros;
  /** What credit notes took off before it was paid. */
  creditedBeforePayment: Micros;
  /** Total - fromBalance - creditedBeforePayment. */
  due: Micros;
  paid: Micros;
  remaining: Micros;
  /** What credit notes gave back of what was paid, as a refund or as credit for later invoices. */
  creditedAfterPayment: Micros;
  lines: ProviderInvoiceLine[];
  createdAtMs: number;
  /** When it became final. */
  issuedAtMs: number | null;
  dueAtMs: number | null;
  paidAtMs: number | null;
  /** How often its payment was tried by the schedule. */
  attempts: number;
  nextAttemptAtMs: number | null;
  /** Pages of the provider, which may expire. */
  pageUrl: string | null;
  pdfUrl: string | null;
}

/** Money that went back to the card. */
export interface ProviderRefund {
  id: string;
  amount: Micros;
  isComplete: boolean;
  createdAtMs: number;
}

export interface ProviderCreditNote {
  id: string;
  number: string;
  amount: Micros;
  /** What of it was refunded; the rest is credit for later invoices, or was taken off before payment. */
  refunded: Micros;
  reason: CreditReason | null;
  memo: string | null;
  /** The key of the request that made it; null when it was made at the provider itself. */
  key: string | null;
  createdAtMs: number;
}

/** An invoice with what was given back of it. */
export interface ProviderInvoiceRecord {
  invoice: ProviderInvoice;
  creditNotes: ProviderCreditNote[];
  refunds: ProviderRefund[];
}

export interface CreditRequest {
  invoiceId: string;
  amount: Micros;
  currency: string;
  /** `refund`: to the card. `balance`: credit for later invoices. `due`: off what is still to be paid, of an open invoice. */
  as: 'refund' | 'balance' | 'due';
  reason: CreditReason | null;
  memo: string;
  /** Of two requests with the same key the second makes nothing; the credit note keeps it. */
  key: string;
}

export interface ProviderPaymentMethod {
  id: string;
  kind: string;
  brand: string | null;
  last4: string | null;
  expiryMonth: number | null;
  expiryYear: number | null;
  isDefault: boolean;
}

/** Which usage a report is about. */
export interface ReportedUsage {
  customerId: string;
  /** The subscription that is charged: no other one of the customer is. */
  subscriptionId: string;
  meter: IncludedMeter;
}

/** Usage beyond the plan, in whole units. */
export interface UsageReport extends ReportedUsage {
  units: bigint;
  /** Null for the moment at which the provider receives it. */
  atMs: number | null;
  /** Of two reports with the same identifier only the first counts. */
  identifier: string;
}

/** What a payment provider does with invoices, payment methods and usage; part of `PaymentProvider`. */
export interface ProviderInvoicing {
  /** @returns undefined when there is none */
  readInvoice(invoiceId: string): Promise<ProviderInvoiceRecord | undefined>;
  /** The ids of all invoices of a customer that were created at a moment or later, the newest first. */
  listInvoices(customerId: string, createdSinceMs: number): Promise<string[]>;
  /** The next invoice of a subscription as it would be now. @returns undefined when there will be none */
  readUpcomingInvoice(subscriptionId: string): Promise<ProviderInvoice | undefined>;
  /** @throws AppError also `billing.provider_refused` for more than may be given back */
  creditInvoice(request: CreditRequest): Promise<void>;
  listPaymentMethods(customerId: string): Promise<ProviderPaymentMethod[]>;
  setDefaultPaymentMethod(customerId: string, paymentMethodId: string): Promise<void>;
  removePaymentMethod(paymentMethodId: string): Promise<void>;
  /**
   * Reports usage; one that the provider has already counts as delivered.
   * @throws AppError `billing.provider_refused` also when the subscription has ended, and nothing can be charged to it any more
   */
  reportUsage(report: UsageReport): Promise<void>;
  /** How many units of a meter the provider has for a subscription, between its start and a moment. */
  readReportedUnits(usage: ReportedUsage & { fromMs: number; untilMs: number }): Promise<bigint>;
}
