import { html } from 'hono/html';
import { cardFields, type Html, money, page } from '../../stand-in/layout.ts';
import type { Account } from '../account/account.ts';
import type { Transaction } from '../account/stored.ts';
import { CARDS_TO_TRY } from '../customers/cards.ts';

const trialOf = ({ items }: Transaction) => items.find(({ price }) => price.trial_period)?.price.trial_period;

/** The first payment after a trial, before tax; the items of a checkout have the same trial. */
function trialRow(transaction: Transaction): Html | '' {
  const trial = trialOf(transaction);
  if (!trial) return '';
  const amounts = transaction.items
    .filter(({ price }) => price.trial_period)
    .map(({ price, quantity }) => Number(price.unit_price.amount) * quantity);
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  return html`<tr>
    <td>After the trial of ${trial.frequency} ${trial.interval}s, before tax</td>
    <td></td>
    <td class="amount">${money(total, transaction.currency_code)}</td>
  </tr>`;
}

const itemTable = (transaction: Transaction): Html => {
  const { details, currency_code: currency } = transaction;
  return html`<table>
    ${details.line_items.map(
      ({ product, quantity, totals }) =>
        html`<tr>
          <td>${product.name}</td>
          <td class="number">× ${quantity}</td>
          <td class="amount">${money(Number(totals.total), currency)}</td>
        </tr>`,
    )}
    <tr>
      <th>Due now</th>
      <td></td>
      <th class="amount">${money(Number(details.totals.grand_total), currency)}</th>
    </tr>
    ${trialRow(transaction)}
  </table>`;
};

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

/** Where the page leads back to, as the transaction's own data says. */
export function backUrl(
  { custom_data: data }: Transaction,
  name: 'return_url' | 'cancel_url',
): string | null {
  const url = data?.[name];
  return typeof url === 'string' && /^https?:\/\//.test(url) ? url : null;
}

/** The page on which a customer pays. `problem` is why the last try failed. */
export function renderCheckout(account: Account, id: string, problem?: string): Promise<string> {
  const transaction = account.store.get('transaction', id);
  const { status } = transaction;
  if (status !== 'draft' && status !== 'ready' && status !== 'past_due')
    return page('Checkout', html`<p>This checkout is ${status}.</p>`);
  const year = new Date(account.now() * 1000).getUTCFullYear() + 3;
  const cancel = backUrl(transaction, 'cancel_url');
  return page(
    'Checkout',
    html`${problem === undefined ? '' : html`<p role="alert">${problem}</p>`}
      <section>${itemTable(transaction)}</section>
      <form method="post">
        <section>
          ${
            transaction.customer_id === null
              ? html`<label>Email <input name="email" type="email" required /></label>`
              : ''
          }
          <label>Name <input name="name" autocomplete="off" /></label>
          <label>Country, two letters <input name="country" maxlength="2" autocomplete="off" /></label>
          <label>Tax number of a business <input name="tax_number" autocomplete="off" /></label>
          <label>Discount code <input name="code" autocomplete="off" /></label>
          ${cardFields(CARDS_TO_TRY, year)}
          <button>${trialOf(transaction) ? 'Start the trial' : 'Pay'}</button>
          ${cancel === null ? '' : html`<a href="${cancel}">Cancel</a>`}
        </section>
      </form>
      ${cardTable}`,
  );
}
