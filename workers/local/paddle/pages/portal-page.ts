import { html } from 'hono/html';
import { cardFields, type Html, minutes, money, page } from '../../stand-in/layout.ts';
import type { Account } from '../account/account.ts';
import type { Subscription, Transaction } from '../account/stored.ts';
import { CARDS_TO_TRY } from '../customers/cards.ts';
import { type CardDetails, saveMethod } from '../customers/payment-methods.ts';
import { PaddleFailure } from '../http/errors.ts';
import { cancelSubscription } from '../subscriptions/schedule.ts';
import { collectAgain } from '../transactions/collect.ts';

/** The subscribed products, with their numbers unless they are one. */
export const namesOf = (items: Subscription['items']): string =>
  items
    .map(({ product, quantity }) => (quantity === 1 ? product.name : `${quantity} × ${product.name}`))
    .join(', ');

const subscriptionSection = ({
  id,
  status,
  items,
  scheduled_change: change,
  next_billed_at: next,
}: Subscription) =>
  html`<section>
    <h2>${namesOf(items)}</h2>
    <p>${status}${change === null ? '' : `, ${change.action} ${minutes(change.effective_at)}`}</p>
    <p class="quiet">The next payment is ${minutes(next)} UTC.</p>
    <form method="post">
      <input type="hidden" name="subscription" value="${id}" />
      ${
        change?.action === 'cancel'
          ? html`<button name="action" value="keep">Do not cancel</button>`
          : html`<button name="action" value="cancel">Cancel at the end of the period</button>`
      }
    </form>
  </section>`;

const invoiceRow = ({ id, invoice_number: number, billed_at: at, details, status }: Transaction): Html =>
  html`<tr>
    <td><a href="/invoices/${id}/pdf">${number}</a></td>
    <td>${minutes(at)}</td>
    <td class="amount">${money(Number(details.totals.grand_total), details.totals.currency_code)}</td>
    <td>${status}</td>
  </tr>`;

/** The part that customers manage themselves: subscription, card, invoices. */
export function renderPortal(account: Account, id: string, problem?: string): Promise<string> {
  const { customer_id: customer } = account.store.get('portal_session', id);
  const subscriptions = account.store
    .all('subscription')
    .filter((each) => each.customer_id === customer && each.status !== 'canceled');
  const invoices = account.store
    .all('transaction')
    .filter((each) => each.customer_id === customer && each.invoice_number !== null);
  const year = new Date(account.now() * 1000).getUTCFullYear() + 3;
  return page(
    'Billing',
    html`${problem === undefined ? '' : html`<p role="alert">${problem}</p>`}
      ${subscriptions.map(subscriptionSection)}
      <section>
        <h2>Payment method</h2>
        <form method="post">
          ${cardFields(CARDS_TO_TRY, year)}
          <button name="action" value="card">Use this card</button>
        </form>
      </section>
      <section>
        <h2>Invoices</h2>
        ${
          invoices.length === 0
            ? html`<p class="quiet">No invoices yet.</p>`
            : html`<table>
                ${invoices.toReversed().map(invoiceRow)}
              </table>`
        }
      </section>`,
  );
}

/** Saves a card, uses it from now on, and pays all past due amounts with it. */
function useCard(account: Account, customer: string, card: CardDetails): void {
  for (const { id, customer_id, address_id: address, own, status } of account.store.all('subscription')) {
    if (customer_id !== customer || status === 'canceled') continue;
    const method = saveMethod(account, card, { customer, address }).id;
    account.update('subscription', id, { own: { ...own, method } });
    for (const each of account.store.all('transaction'))
      if (each.subscription_id === id && each.status === 'past_due') collectAgain(account, each.id);
  }
}

/** Does what a customer asks for on the portal's page. @throws PaddleFailure which the page shows */
export function actOnPortal(
  account: Account,
  id: string,
  form: Record<string, string>,
  card: CardDetails,
): void {
  const { customer_id: customer } = account.store.get('portal_session', id);
  if (form.action === 'card') return useCard(account, customer, card);
  const subscription = account.store.get('subscription', form.subscription ?? '');
  if (subscription.customer_id !== customer) throw PaddleFailure.missing('subscription', subscription.id);
  if (form.action === 'cancel') cancelSubscription(account, subscription.id, 'next_billing_period');
  else if (form.action === 'keep')
    account.update('subscription', subscription.id, { scheduled_change: null });
  else throw PaddleFailure.field('action', 'is none of this page');
}
