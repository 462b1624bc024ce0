import type { IncludedMeter } from '../../identity/entitlements/index.ts';
import type { Micros } from '../../kernel/money/index.ts';
import type { CreditReason, InvoiceStatus } from './providers.enums.ts';

/** A line of an invoice. Amounts are without tax and before discounts. */
export interface ProviderInvoiceLine {
  description: string;
  quantity: number | null;
  amount: Micros;
  /** Discounts on it, at least 0. */
  discount: Micros;
  tax: Micros;
  periodStartsAtMs: number;
  periodEndsAtMs: number;
  /** Whether it charges or credits part of a period, after a change of plan. */
  isProration: boolean;
  /** The meter of usage beyond the plan; null for other lines. */
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
  /** Part of the total that the customer's credit at the provider pays; negative for a total that became credit. */
  fromBalance: Micros;
  /** Amount that credit notes took off before the payment. */
  creditedBeforePayment: Micros;
  /** Total - fromBalance - creditedBeforePayment. */
  due: Micros;
  paid: Micros;
  remaining: Micros;
  /** Amount that credit notes gave back after the payment, as a refund or as credit for later invoices. */
  creditedAfterPayment: Micros;
  lines: ProviderInvoiceLine[];
  createdAtMs: number;
  /** When it became final. */
  issuedAtMs: number | null;
  dueAtMs: number | null;
  paidAtMs: number | null;
  /** Number of scheduled attempts to collect its payment. */
  attempts: number;
  nextAttemptAtMs: number | null;
  /** Pages of the provider, which may expire. */
  pageUrl: string | null;
  pdfUrl: string | null;
}

/** A refund to the card. */
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
  /** Refunded part of it; the rest is credit for later invoices, or was taken off before the payment. */
  refunded: Micros;
  reason: CreditReason | null;
  memo: string | null;
  /** The key of the request that made it; null when it was made at the provider itself. */
  key: string | null;
  createdAtMs: number;
}

/** An invoice with its credit notes and refunds. */
export interface ProviderInvoiceRecord {
  invoice: ProviderInvoice;
  creditNotes: ProviderCreditNote[];
  refunds: ProviderRefund[];
}

export interface CreditRequest {
  invoiceId: string;
  amount: Micros;
  currency: string;
  /** `refund`: to the card. `balance`: credit for later invoices. `due`: off the amount due of an open invoice. */
  as: 'refund' | 'balance' | 'due';
  reason: CreditReason | null;
  memo: string;
  /** A second request with the same key makes no credit note; the first credit note contains the key. */
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

/** The usage that a report covers. */
export interface ReportedUsage {
  customerId: string;
  /** The only subscription of the customer that is charged. */
  subscriptionId: string;
  meter: IncludedMeter;
}

/** Usage beyond the plan, in whole units. */
export interface UsageReport extends ReportedUsage {
  units: bigint;
  /** Null for the moment at which the provider receives it. */
  atMs: number | null;
  /** A second report with the same identifier does not count. */
  identifier: string;
}

/** Invoices, payment methods and usage at a payment provider; part of `PaymentProvider`. */
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
   * Reports usage; a report that the provider has already counts as delivered.
   * @throws AppError `billing.provider_refused` also when the subscription has ended, so that nothing can be charged to
   * it
   */
  reportUsage(report: UsageReport): Promise<void>;
  /** How many units of a meter the provider has for a subscription, between its start and a moment. */
  readReportedUnits(usage: ReportedUsage & { fromMs: number; untilMs: number }): Promise<bigint>;
}
