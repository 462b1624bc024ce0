import { html } from 'hono/html';
import type { Account } from '../account/account.ts';
import type { Invoice, Item, Price, Subscription } from '../account/stored.ts';
import { CARDS_TO_TRY } from '../customers/cards.ts';
import { cardFields, day, type Html, money, page } from '../../stand-in/layout.ts';

const priceName = (account: Account, price: Price) =>
  `${account.store.get('product', price.product).name}, ${money(price.unit_amount, price.currency)} each ${price.recurring?.interval}`;

const isLicensed = ({ recurring }: Price) => recurring?.usage_type === 'licensed';

/** The subscribed products, with a quantity where there can be more than one. */
const itemRow = (account: Account, { price, quantity }: Item): Html =>
  html`<tr>
    <td>${account.store.get('product', price.product).name}</td>
    <td class="number">${isLicensed(price) ? `× ${quantity ?? 1}` : ''}</td>
    <td class="amount">
      ${
        isLicensed(price)
          ? `${money((price.unit_amount ?? 0) * (quantity ?? 1), price.currency)} each ${price.recurring?.interval}`
          : 'by usage'
      }
    </td>
  </tr>`;

/** The plan can be changed where nothing else is licensed, as in the real portal. */
function planChoice(account: Account, subscription: Subscription): Html | '' {
  const licensed = subscription.items.data.filter(({ price }) => isLicensed(price));
  const [current, ...others] = licensed;
  if (current === undefined || others.length > 0) return '';
  const prices = account.store
    .all('price')
    .filter((price) => price.active && isLicensed(price))
    .filter(({ currency }) => currency === subscription.currency);
  return html`<input type="hidden" name="item" value="${current.id}" />
    <label>
      Plan
      <select name="price">
        ${prices.map(
          (price) =>
            html`<option value="${price.id}" ${price.id === current.price.id ? 'selected' : ''}>
              ${priceName(account, price)}
            </option>`,
        )}
      </select>
    </label>
    <button name="action" value="change">Change plan</button>`;
}

function planForm(account: Account, subscription: Subscription): Html {
  return html`<form method="post">
    <input type="hidden" name="subscription" value="${subscription.id}" />
    ${planChoice(account, subscription)}
    ${
      subscription.cancel_at_period_end
        ? html`<button name="action" value="keep">Do not cancel</button>`
        : html`<button name="action" value="cancel">Cancel at the end of the period</button>`
    }
  </form>`;
}

const subscriptionSection = (account: Account, subscription: Subscription): Html =>
  html`<section>
    <h2>Subscription</h2>
    <p>
      ${subscription.status}${subscription.cancel_at === null ? '' : `, ends ${day(subscription.cancel_at)}`}
    </p>
    <table>
      ${subscription.items.data.map((item) => itemRow(account, item))}
    </table>
    <p class="quiet">The period ends ${day(subscription.items.data[0]?.current_period_end ?? 0)} UTC.</p>
    ${planForm(account, subscription)}
  </section>`;

const invoiceRow = ({ hosted_invoice_url: url, number, created, total, currency, status }: Invoice): Html =>
  html`<tr>
    <td><a href="${url ?? '#'}">${number ?? 'draft'}</a></td>
    <td>${day(created)}</td>
    <td class="amount">${money(total, currency)}</td>
    <td>${status}</td>
  </tr>`;

/** The part that customers manage themselves: plan, card, invoices. */
export function renderPortal(account: Account, id: string, problem?: string): Promise<string> {
  const { customer, return_url: back } = account.store.get('billing_portal.session', id);
  const isLive = ({ ended_at: ended }: Subscription) => ended === null;
  const subscriptions = account.store
    .all('subscription')
    .filter((each) => each.customer === customer && isLive(each));
  const invoices = account.store.all('invoice').filter((each) => each.customer === customer);
  const year = new Date(account.now() * 1000).getUTCFullYear() + 3;
  return page(
    'Billing',
    html`${problem === undefined ? '' : html`<p role="alert">${problem}</p>`}
      ${subscriptions.map((subscription) => subscriptionSection(account, subscription))}
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
      </section>
      ${back === null ? '' : html`<p><a href="${back}">Back</a></p>`}`,
  );
}
