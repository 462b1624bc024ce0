import { z } from '@hono/zod-openapi';
import type { Account } from '../account/account.ts';
import type { Invoice } from '../account/stored.ts';
import { discountsParam } from '../catalog/discounts.ts';
import { StripeFailure } from '../http/errors.ts';
import { text } from '../http/params.ts';
import { applyChange } from '../subscriptions/change.ts';
import { createSubscription } from '../subscriptions/create.ts';
import { draftRenewal } from '../subscriptions/renew.ts';
import { newSubscriptionShape, previewedChange } from '../subscriptions/subscriptions.params.ts';

export const previewShape = {
  customer: text.optional(),
  discounts: discountsParam.optional(),
  subscription: text.optional(),
  subscription_details: previewedChange.optional(),
};
type Preview = z.output<z.ZodObject<typeof previewShape>>;

/** The first invoice of a subscription that does not exist yet. */
function previewNew(
  account: Account,
  { customer, discounts, subscription_details: details }: Preview,
): Invoice {
  if (customer === undefined || details?.items === undefined)
    throw StripeFailure.invalid('Missing required param: customer.', 'customer', 'parameter_missing');
  const items = details.items.map(({ price = '', quantity }) => ({ price, quantity }));
  const params = {
    customer,
    items,
    discounts,
    payment_behavior: 'default_incomplete',
    collection_method: 'send_invoice',
  };
  const defaults = z.object(newSubscriptionShape).parse({ ...params, items: [{ price: 'unset' }] });
  const { latest_invoice } = createSubscription(account, {
    ...defaults,
    items,
    default_tax_rates: details.default_tax_rates,
  });
  return account.store.get('invoice', latest_invoice as string);
}

/** The invoice that a change makes at once, or the next one after it. */
function previewChange(
  account: Account,
  id: string,
  { discounts, subscription_details: details }: Preview,
): Invoice {
  const nothing = StripeFailure.invalid(
    'No upcoming invoices for customer',
    'subscription',
    'invoice_upcoming_none',
  );
  if (account.store.get('subscription', id).ended_at !== null) throw nothing;
  const draft = applyChange(account, id, { ...details, ...(discounts === undefined ? {} : { discounts }) });
  const { cancel_at_period_end: ends } = account.store.get('subscription', id);
  if (draft === undefined && ends) throw nothing;
  return draft ?? draftRenewal(account, id);
}

/** Does what is asked, by the code that would do it, and undoes it. */
export function previewInvoice(account: Account, params: Preview): Invoice {
  return account.run(
    () =>
      params.subscription === undefined
        ? previewNew(account, params)
        : previewChange(account, params.subscription, params),
    false,
  );
}
