export interface Decline {
  code: string;
  decline_code?: string;
  message: string;
}

const decline = (decline_code: string, message: string): Decline => ({
  code: 'card_declined',
  decline_code,
  message,
});
const GENERIC = decline('generic_decline', 'Your card was declined.');
const INSUFFICIENT = decline('insufficient_funds', 'Your card has insufficient funds.');
const EXPIRED: Decline = { code: 'expired_card', message: 'Your card has expired.' };
const NEEDS_ACTION: Decline = {
  code: 'authentication_required',
  decline_code: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
};

interface CardBehaviour {
  brand: string;
  token: string;
  /** Why it cannot even be saved. */
  atAttach?: Decline;
  /** Why every charge fails. */
  atCharge?: Decline;
}

/** Cards by number, with the numbers and names of the real API's test cards. */
const CARDS: Record<string, CardBehaviour> = {
  '4242424242424242': { brand: 'visa', token: 'visa' },
  '5555555555554444': { brand: 'mastercard', token: 'mastercard' },
  '378282246310005': { brand: 'amex', token: 'amex' },
  '4000000000000002': { brand: 'visa', token: 'chargeDeclined', atAttach: GENERIC, atCharge: GENERIC },
  '4000000000009995': {
    brand: 'visa',
    token: 'chargeDeclinedInsufficientFunds',
    atAttach: INSUFFICIENT,
    atCharge: INSUFFICIENT,
  },
  '4000000000000069': {
    brand: 'visa',
    token: 'chargeDeclinedExpiredCard',
    atAttach: EXPIRED,
    atCharge: EXPIRED,
  },
  '4000000000000341': { brand: 'visa', token: 'chargeCustomerFail', atCharge: GENERIC },
  '4000003800000446': { brand: 'visa', token: 'authenticationRequiredOnSetup' },
  '4000002760003184': { brand: 'visa', token: 'authenticationRequired', atCharge: NEEDS_ACTION },
};

const UNKNOWN: CardBehaviour = {
  brand: 'unknown',
  token: '',
  atAttach: { code: 'incorrect_number', message: 'Your card number is incorrect.' },
};

export const cardBehaviour = (number: string): CardBehaviour => CARDS[number] ?? UNKNOWN;

/** The number behind `pm_card_visa` or `tok_visa`. */
export function numberOfToken(token: string): string | undefined {
  const name = token.replace(/^(pm_card_|tok_)/, '');
  return name === token ? undefined : Object.keys(CARDS).find((number) => CARDS[number]?.token === name);
}

/** The numbers that somebody may try on a page, with what happens. */
export const CARDS_TO_TRY: [number: string, outcome: string][] = [
  ['4242424242424242', 'succeeds'],
  ['4000000000000002', 'is declined at once'],
  ['4000000000000341', 'can be saved, and each payment fails'],
  ['4000002760003184', 'requires authentication for each payment'],
];

/** Why a charge fails at a moment, or undefined when it succeeds. */
export function chargeDecline(
  number: string,
  expiry: { exp_month: number; exp_year: number },
  now: number,
): Decline | undefined {
  const validUntil = Date.UTC(expiry.exp_year, expiry.exp_month) / 1000;
  return now >= validUntil ? EXPIRED : cardBehaviour(number).atCharge;
}
