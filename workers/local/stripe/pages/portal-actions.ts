import type { Account } from '../account/account.ts';
import { attachMethod, type CardDetails, createCard } from '../customers/payment-methods.ts';
import { StripeFailure } from '../http/errors.ts';
import { changeSubscription } from '../subscriptions/change.ts';

export type PageForm = Record<string, string>;

/** The card that somebody entered. */
export const cardOfForm = (form: PageForm): CardDetails => ({
  number: (form.number ?? '').replaceAll(' ', ''),
  exp_month: Number(form.month),
  exp_year: Number(form.year),
});

/** Saves a card and uses it for everything that is paid from now on. */
function useCard(account: Account, customer: string, card: CardDetails): void {
  const { id } = attachMethod(account, createCard(account, card).id, customer);
  const { invoice_settings: settings } = account.store.get('customer', customer);
  account.update('customer', customer, { invoice_settings: { ...settings, default_payment_method: id } });
  for (const each of account.store.all('subscription'))
    if (each.customer === customer && each.ended_at === null && each.default_payment_method !== null)
      account.update('subscription', each.id, { default_payment_method: id });
}

/** Does what a customer asks for on the portal's page. @throws StripeFailure which the page shows */
export function actOnPortal(account: Account, id: string, form: PageForm): void {
  const session = account.store.get('billing_portal.session', id);
  if (form.action === 'card') return useCard(account, session.customer, cardOfForm(form));
  const subscription = account.store.get('subscription', form.subscription ?? '', 'subscription');
  if (subscription.customer !== session.customer)
    throw StripeFailure.missing('subscription', subscription.id, 'subscription');
  switch (form.action) {
    case 'change':
      changeSubscription(account, subscription.id, {
        items: [{ id: form.item, price: form.price }],
        proration_behavior: 'always_invoice',
      });
      return;
    case 'cancel':
    case 'keep':
      changeSubscription(account, subscription.id, { cancel_at_period_end: form.action === 'cancel' });
      return;
    default:
      throw StripeFailure.invalid('The page has no such action.', 'action');
  }
}
