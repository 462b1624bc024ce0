interface CardBehaviour {
  type: string;
  /** Why a payment by the customer on the page fails. */
  onPage?: string;
  /** Why a payment without the customer fails. */
  later?: string;
}

/** Cards by number, with the numbers of the real sandbox. */
const CARDS: Record<string, CardBehaviour> = {
  '4242424242424242': { type: 'visa' },
  '5555555555554444': { type: 'mastercard' },
  '4000000000000002': { type: 'visa', onPage: 'declined', later: 'declined' },
  '4000000000009995': { type: 'visa', onPage: 'not_enough_balance', later: 'not_enough_balance' },
  '4000002760003184': { type: 'visa', later: 'declined' },
};

/** The numbers that somebody may try on a page, with what happens. */
export const CARDS_TO_TRY: [number: string, outcome: string][] = [
  ['4242424242424242', 'succeeds'],
  ['4000000000000002', 'is declined'],
  ['4000002760003184', 'succeeds on the page, and each later payment fails'],
];

export const cardType = (number: string): string => CARDS[number]?.type ?? 'unknown';

/** Why a payment fails at a moment, or null when it succeeds. */
export function paymentError(
  number: string,
  expiry: { expiry_month: number; expiry_year: number },
  now: number,
  isOnPage: boolean,
): string | null {
  if (now >= Date.UTC(expiry.expiry_year, expiry.expiry_month) / 1000) return 'expired_card';
  const behaviour = CARDS[number];
  if (!behaviour) return 'invalid_payment_details';
  return (isOnPage ? behaviour.onPage : behaviour.later) ?? null;
}
