import { html } from 'hono/html';
import type { Account } from '../account/account.ts';
import type { Rows } from '../account/stored.ts';
import { CARDS_TO_TRY } from '../customers/cards.ts';
import { cardFields, type Html, money, page } from '../../stand-in/layout.ts';
import { requestOf } from './checkout-sessions.ts';

const cardTable = html`<section>
  <h2>Cards to try</h2>
  <table>
    ${CARDS_TO_TRY.map(
      ([number, outcome]) =>
        html`<tr>
          <td>${number}</td>
          <td>${outcome}</td>
        </tr>`,
    )}
  </table>
</section>`;

type Session = Rows['checkout.session'];

/** The amount, and when it is paid: with a trial the first payment is due at its end. */
const totalRows = (total: string, trialDays: number | undefined, nothing: string): Html =>
  trialDays === undefined
    ? html`<tr>
        <th>Total</th>
        <td></td>
        <th class="amount">${total}</th>
      </tr>`
    : html`<tr>
          <th>Due today</th>
          <td></td>
          <th class="amount">${nothing}</th>
        </tr>
        <tr>
          <td>After the trial of ${trialDays} days</td>
          <td></td>
          <td class="amount">${total}</td>
        </tr>`;

const itemTable = (
  { line_items: items, amount_total: total, currency }: Session,
  trialDays: number | undefined,
): Html =>
  html`<table>
    ${(items?.data ?? []).map(
      (item) =>
        html`<tr>
          <td>${item.description}</td>
          <td class="number">${item.quantity === null ? '' : `× ${item.quantity}`}</td>
          <td class="amount">
            ${item.quantity === null ? 'by usage' : money(item.amount_total, item.currency)}
          </td>
        </tr>`,
    )}
    ${totalRows(money(total, currency), trialDays, money(0, currency))}
  </table>`;

const emailField = ({ customer, customer_email: email }: Session) =>
  customer === null && email === null
    ? html`<label>Email <input name="email" type="email" required /></label>`
    : '';

/** The page on which a customer pays. `problem` is why the last try failed. */
export function renderCheckout(account: Account, id: string, problem?: string): Promise<string> {
  const session = account.store.get('checkout.session', id);
  if (session.status !== 'open') return page('Checkout', html`<p>This checkout is ${session.status}.</p>`);
  const year = new Date(account.now() * 1000).getUTCFullYear() + 3;
  const trialDays = requestOf(account, id).subscription_data?.trial_period_days;
  const taxId = html`<label>VAT number of a business <input name="tax_id" autocomplete="off" /></label>`;
  const code = html`<label>Promotion code <input name="code" autocomplete="off" /></label>`;
  return page(
    'Checkout',
    html`${problem === undefined ? '' : html`<p role="alert">${problem}</p>`}
      <section>${itemTable(session, trialDays)}</section>
      <form method="post">
        <section>
          ${emailField(session)}
          <label>Name <input name="name" autocomplete="off" /></label>
          <label>Country, two letters <input name="country" maxlength="2" autocomplete="off" /></label>
          ${session.tax_id_collection?.enabled ? taxId : ''} ${session.allow_promotion_codes ? code : ''}
          ${cardFields(CARDS_TO_TRY, year)}
          <button>${trialDays === undefined ? 'Pay' : 'Start the trial'}</button>
          ${session.cancel_url === null ? '' : html`<a href="${session.cancel_url}">Cancel</a>`}
        </section>
      </form>
      ${cardTable}`,
  );
}
