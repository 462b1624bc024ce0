import type { BreakerState, Trace } from '../../kernel/core/index.ts';
import type { Micros } from '../../kernel/money/index.ts';
import type { PlanInterval } from '../plans/index.ts';
import type { ProviderInvoicing } from './provider-invoices.ports.ts';
import type { ProviderName, ProviderStatus, SoldPlan } from './providers.enums.ts';

/** The plan of the prices of a subscription. All times in this file are milliseconds since the epoch. */
export interface PlanTerm {
  plan: SoldPlan;
  planVersion: number;
  interval: PlanInterval;
}

/** What is subscribed to. */
export interface PlanChoice extends PlanTerm {
  /** Members beyond those that the plan includes, each of which is charged. */
  seats: number;
}

/** A subscription as the provider has it now. */
export interface ProviderSubscription {
  id: string;
  customerId: string;
  status: ProviderStatus;
  /** The choice that the next period is charged for; null when its prices are not in this catalogue. */
  choice: PlanChoice | null;
  /** The choice for which the current period was paid, if it differs because a change is pending until its end. */
  paid: { choice: PlanChoice; untilMs: number } | null;
  currency: string;
  startsAtMs: number;
  periodStartsAtMs: number;
  periodEndsAtMs: number;
  trialEndsAtMs: number | null;
  /** Set if it will end at this time. */
  cancelsAtMs: number | null;
  endedAtMs: number | null;
  /** When a pause ends automatically. */
  resumesAtMs: number | null;
}

export interface CustomerRequest {
  organizationId: string;
  /** The known customer of the organization; another is created when the provider has deleted it. */
  customerId: string | null;
  name: string;
  email: string | null;
}

export interface CheckoutRequest {
  organizationId: string;
  customerId: string;
  choice: PlanChoice;
  /** Days without a charge; 0 for none. */
  trialDays: number;
  promotionCode?: string | undefined;
  /** Where the browser goes when the checkout is completed. */
  returnUrl: string;
  /** Where the browser goes when the customer leaves the checkout. */
  cancelUrl: string;
  /** A second request with the same key gets the answer of the first. */
  key: string;
}

export interface Checkout {
  id: string;
  /** The page on which the customer pays. */
  url: string;
  expiresAtMs: number;
}

/**
 * When a change of plan or seats takes effect. `now`: the difference is charged or credited at once. `period_end`: the
 * next period has the new price, and the current one stays. `undo`: takes a pending change back.
 */
export type ChangeTiming = 'now' | 'period_end' | 'undo';

/** Options of each change of a subscription. */
export interface ChangeOptions {
  /** A second request with the same key changes nothing more. */
  key: string;
  /**
   * The subscription as it was when the change was decided. If it differs at the provider, and the change was not made
   * already, `billing.change_conflict` is thrown. Absent for a change that is always right.
   */
  decidedOn?: ProviderSubscription | undefined;
}

export interface PlanChange extends ChangeOptions {
  choice: PlanChoice;
  timing: ChangeTiming;
  /** Ends a trial at once, because the new plan has none. */
  endsTrial?: boolean | undefined;
  /** The moment until which the current period counts as used; absent for the present. */
  prorateAtMs?: number | undefined;
}

/** The cost of a change of plan or seats. */
export interface ChangePreview {
  currency: string;
  /** Amount charged at once, after credit and taxes; 0 when nothing is. */
  dueNow: Micros;
  tax: Micros;
  /** Lines of the immediate charge, or of the next invoice when nothing is due. */
  lines: { description: string; amount: Micros }[];
  /** When the next regular invoice is made. */
  nextInvoiceAtMs: number;
}

/** The subject of a provider's webhook. The rest of its body is not used: the object is read again. */
export interface ProviderEvent {
  id: string;
  type: string;
  occurredAtMs: number;
  customerId: string | null;
  subscriptionId: string | null;
  invoiceId: string | null;
}

export interface CancelOutcome {
  /** The payment is still being processed and can be refunded only afterwards: ask again later. */
  isRefundPending: boolean;
}

/**
 * A payment provider. Each request has a time limit, goes through the provider's breaker, and is repeated on a
 * temporary failure: reading is harmless, and a change has a key by which the provider recognizes it.
 * @throws AppError `billing.provider_unavailable`, `billing.provider_refused`, `billing.charge_too_small`,
 * `billing.payment_failed`, `billing.change_conflict` from changes with `decidedOn`, or `server.unavailable` while the
 * breaker is open
 */
export interface PaymentProvider extends ProviderInvoicing {
  readonly name: ProviderName;
  /** The smallest charge outside of the regular invoice, in the currency of the catalogue; 0 for no minimum. */
  readonly leastCharge: Micros;
  readonly breakerState: BreakerState;
  /**
   * Creates products, prices and meters of the catalogue that the provider does not have yet.
   * @returns the keys of the new prices
   * @throws Error when a price exists with another amount: a price is never changed, but gets a new version
   */
  ensureCatalog(): Promise<string[]>;
  /** @returns the id of the organization's customer, created when there is none */
  ensureCustomer(request: CustomerRequest): Promise<string>;
  /** @throws AppError also `billing.promotion_code_invalid` */
  startCheckout(request: CheckoutRequest): Promise<Checkout>;
  /** Ends a checkout that was not completed. @returns whether it was still open */
  expireCheckout(checkoutId: string): Promise<boolean>;
  /** @returns the address of the page on which a customer manages card, plan and invoices */
  openPortal(request: { customerId: string; returnUrl: string }): Promise<string>;
  previewChange(
    subscriptionId: string,
    change: Omit<PlanChange, keyof ChangeOptions>,
  ): Promise<ChangePreview>;
  changePlan(subscriptionId: string, change: PlanChange): Promise<void>;
  /**
   * Ends a trial at once, and charges the first period. When that payment fails, the trial continues, or the subscription is past due.
   * @throws AppError also `billing.payment_failed`
   */
  endTrial(subscriptionId: string, options: ChangeOptions): Promise<void>;
  /** @param options.refund refunds the last payment, for a subscription that should not exist; also after the end */
  cancel(
    subscriptionId: string,
    options: ChangeOptions & { at: 'period_end' | 'now'; refund?: boolean },
  ): Promise<CancelOutcome>;
  /** Takes back a cancellation before the subscription has ended. */
  resume(subscriptionId: string, options: ChangeOptions): Promise<void>;
  /** Charges nothing until the pause ends. At `resumesAtMs` the sweep ends it, unless the provider has. */
  pause(subscriptionId: string, options: ChangeOptions & { resumesAtMs: number | null }): Promise<void>;
  /**
   * Ends a pause. The period of the pause continues; if it is over, a new one begins and is charged.
   * @param options.allowsUnpaid whether it becomes past due when that charge fails; otherwise it stays paused
   */
  unpause(subscriptionId: string, options: ChangeOptions & { allowsUnpaid?: boolean }): Promise<void>;
  /** @returns undefined when there is none */
  readSubscription(subscriptionId: string): Promise<ProviderSubscription | undefined>;
  /** All subscriptions of a customer, also those that ended, the newest first. */
  listSubscriptions(customerId: string): Promise<ProviderSubscription[]>;
  /** @throws AppError `billing.bad_signature` */
  verifyWebhook(rawBody: string, signature: string): Promise<ProviderEvent>;
}

/** The configured payment providers. */
export interface Payments {
  readonly names: readonly ProviderName[];
  /** The one that an organization without a provider gets; undefined when none is configured. */
  readonly preferred: ProviderName | undefined;
  /** @throws AppError `billing.not_configured` */
  of(name: ProviderName | undefined, trace?: Trace): PaymentProvider;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    payments: Payments;
  }
}
