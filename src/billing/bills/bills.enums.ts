/** Causes of a difference between a line of a bill and the counted usage. */
export const BILL_CAUSES = [
  'equal',
  'rounding',
  'quantity_differs',
  'price_differs',
  'quantity_and_price_differ',
  'missing_here',
  'missing_there',
  'unknown_price',
] as const;
export type BillCause = (typeof BILL_CAUSES)[number];
