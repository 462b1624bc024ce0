import type { Account } from '../account/account.ts';

const idOf = (customer: string, currency: string) => `balance_of_${customer}_${currency}`;

/** The credit of a customer, in minor units. */
export function availableCredit(account: Account, customer: string, currency: string): number {
  const row = account.store.find(idOf(customer, currency));
  return row?.object === 'balance' ? row.available : 0;
}

/** Adds to the credit of a customer, or takes from it. */
export function moveCredit(
  account: Account,
  customer: string,
  currency: string,
  { added = 0, taken = 0 }: { added?: number; taken?: number },
): void {
  const id = idOf(customer, currency);
  const row = account.store.find(id);
  const before = row?.object === 'balance' ? row : { available: 0, used: 0 };
  account.store.put({
    id,
    object: 'balance',
    customer_id: customer,
    currency_code: currency,
    available: before.available + added - taken,
    used: before.used + taken,
  });
}
