/** Services that have prices of their own, by the value of the dimension `service`. */
export const PRICED_SERVICES = ['batch'] as const;
export type PricedService = (typeof PRICED_SERVICES)[number];
