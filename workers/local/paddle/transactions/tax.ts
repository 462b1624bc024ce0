import type { Account } from '../account/account.ts';

/** Rates of some countries, in hundredths of a percent. Paddle sells in its own name and pays the tax everywhere. */
const RATES: Record<string, bigint> = {
  DE: 1_900n,
  FR: 2_000n,
  GB: 2_000n,
  IE: 2_300n,
  NL: 2_100n,
  SE: 2_500n,
};

/** The rate of a customer in hundredths of a percent; a business with a tax number owes the tax itself. */
export function taxRate(account: Account, address: string | null, business: string | null): bigint {
  if (business !== null && account.store.get('business', business).tax_identifier !== null) return 0n;
  if (address === null) return 0n;
  return RATES[account.store.get('address', address).country_code] ?? 0n;
}

/** As the API writes it: `0.19`. */
export const rateText = (rate: bigint): string => String(Number(rate) / 10_000);
