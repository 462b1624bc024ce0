import type { BreakerState, Trace } from '../../kernel/core/index.ts';
import type { Micros } from '../../kernel/money/index.ts';
import type { PlanInterval } from '../plans/index.ts';
import type { ProviderInvoicing } from './provider-invoices.ports.ts';
import type { ProviderName, ProviderStatus, SoldPlan } from './providers.enums.ts';

/** What the prices of a subscription are of: a plan of the catalogue in one version. All times in this file are milliseconds since the epoch. */
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
  /** What the next period is charged for; null when its prices are not of this catalogue. */
  choice: PlanChoice | null;
  /** What the current period was paid for, when that differs from `choice`: a change that waits for the period's end. */
  paid: { choice: PlanChoice; untilMs: number } | null;
  currency: string;
  startsAtMs: number;
  periodStartsAtMs: number;
  periodEndsAtMs: number;
  trialEndsAtMs: number | null;
  /** Set: it ends then. */
  cancelsAtMs: number | null;
  endedAtMs: number | null;
  /** When a pause ends by itself. */
  resumesAtMs: number | null;
}

export interface CustomerRequest {
  organizationId: string;
  /** The customer that the organization had so far; another is created when the provider has deleted it. */
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
  /** Where the browser goes when the customer turns back. */
  cancelUrl: string;
  /** Of two requests with the same key the second gets the answer of the first. */
  key: string;
}

export interface Checkout {
  id: string;
  /** The page on which the customer pays. */
  url: string;
  expiresAtMs: number;
}

/**
 * When a change of plan or seats counts. `now`: the difference is charged or credited at once. `period_end`: the next period is charged
 * the new price, and the current one stays as it was paid. `undo`: takes such a waiting change back, without a charge.
 */
export type ChangeTiming = 'now' | 'period_end' | 'undo';

/** What goes with each change of a subscription. */
export interface ChangeOptions {
  /** Of two requests with the same key the second changes nothing more. */
  key: string;
  /**
   * The subscription as it was when the change was decided on. When it is another one at the provider, unless the change is made
   * already, `billing.change_conflict` is thrown and nothing changes. Absent for a change that is right whatever it is.
   */
  decidedOn?: ProviderSubscription | undefined;
}

export interface PlanChange extends ChangeOptions {
  choice: PlanChoice;
  timing: ChangeTiming;
  /** Ends a trial at once: the plan that is changed to has none. */
  endsTrial?: boolean | undefined;
  /** The moment to which the current period counts as used; absent for the present. */
  prorateAtMs?: number | undefined;
}

/** What a change of plan or seats costs. */
export interface ChangePreview {
  currency: string;
  /** What is charged at once, after credit and taxes; 0 when nothing is. */
  dueNow: Micros;
  tax: Micros;
  /** Of the charge that is made at once, or of the next invoice when nothing is due. */
  lines: { description: string; amount: Micros }[];
  /** When the next regular invoice is made. */
  nextInvoiceAtMs: number;
}

/** What a provider's webhook is about. The rest of its body is never used: the object is read again. */
export interface ProviderEvent {
  id: string;
  type: string;
  occurredAtMs: number;
  customerId: string | null;
  subscriptionId: string | null;
  invoiceId: string | null;
}

export interface CancelOutcome {
  /** The payment is still being made, and can be given back only when it was: ask again later. */
  isRefundPending: boolean;
}

/**
 * A payment provider. Each request has a time limit, goes through the provider's breaker, and is repeated on a temporary
 * failure: reading is harmless, and a change carries a key by which the provider knows it again.
 * @throws AppError `billing.provider_unavailable`, `billing.provider_refused`, `billing.charge_too_small`, `billing.payment_failed`,
 *   `billing.change_conflict` from changes with `decidedOn`, or `server.unavailable` while the breaker is open
 */
export interface PaymentProvider extends ProviderInvoicing {
  readonly name: ProviderName;
  /** The least that a charge beside the regular invoice may amount to, in the currency of the catalogue; 0 where there is none. */
  readonly leastCharge: Micros;
  readonly breakerState: BreakerState;
  /**
   * Makes products, prices and meters of the catalogue that the provider does not have yet.
   * @returns the keys of the prices that it made
   * @throws Error when a price exists with another amount: a price is never changed, a new version is
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
  /**
   * @param options.refund gives the last payment back, for a subscription that should not have come about. It can be asked for again
   *   after the end
   */
  cancel(
    subscriptionId: string,
    options: ChangeOptions & { at: 'period_end' | 'now'; refund?: boolean },
  ): Promise<CancelOutcome>;
  /** Takes back a cancellation that has not come yet. */
  resume(subscriptionId: string, options: ChangeOptions): Promise<void>;
  /** Charges nothing from now on, until it is unpaused. At `resumesAtMs` the sweep does so, unless the provider has. */
  pause(subscriptionId: string, options: ChangeOptions & { resumesAtMs: number | null }): Promise<void>;
  /**
   * Ends a pause. The period of the pause continues; when it is over, a new one begins and is charged.
   * @param options.allowsUnpaid when that charge fails, the subscription is past due; otherwise it stays paused
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
