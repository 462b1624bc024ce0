export {
  CATALOG_CURRENCY,
  choiceOf,
  choiceOfNote,
  isOverageKey,
  isSameChoice,
  isSeatKey,
  noteOfChoice,
  type OveragePrice,
  OVERAGE_NAMES,
  overagePriceKey,
  overagePrices,
  type PlanPrice,
  planPriceKey,
  planPrices,
  priceOfTerm,
  seatName,
  seatPriceKey,
  termOfKey,
  seatPrices,
} from './catalog.rules.ts';
export { requireAsDecided } from './decided-on.rules.ts';
export { createPayments, type ProviderFactory } from './create-payments.ts';
export {
  CREDIT_REASONS,
  type CreditReason,
  INVOICE_STATUSES,
  type InvoiceStatus,
  PROVIDER_NAMES,
  PROVIDER_STATUSES,
  type ProviderName,
  type ProviderStatus,
  SOLD_PLANS,
  type SoldPlan,
} from './providers.enums.ts';
export { isChargeTooSmall, providerErrors, withoutPrice } from './providers.errors.ts';
export type * from './provider-invoices.ports.ts';
export type * from './providers.ports.ts';
