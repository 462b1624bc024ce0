import type { IncludedMeter } from '../../../identity/entitlements/index.ts';
import type { SoldPlan } from '../index.ts';

/** The id of a product at Stripe. */
export const productId = (name: string) => `auralink_${name}`;
/** The product of seats, on lines of invoices. */
export const seatProduct = (plan: SoldPlan): string => productId(`seat_${plan}`);
/** The product of usage beyond the included amounts, on lines of invoices. */
export const overageProduct = (meter: IncludedMeter): string => productId(`overage_${meter}`);
/** The name under which usage beyond the included amounts is reported. */
export const meterEventName = (meter: IncludedMeter): string => `auralink_overage_${meter}`;
