import { html } from 'hono/html';
import type { Account } from '../account/account.ts';
import type { Subscription } from '../account/stored.ts';
import { clockSection } from '../../stand-in/clock-section.ts';
import { day, type Html, page } from '../../stand-in/layout.ts';

const subscriptionRow = (account: Account, subscription: Subscription): Html => {
  const { email, name } = account.store.get('customer', subscription.customer);
  const products = subscription.items.data.map(({ price, quantity = 1 }) => {
    const { name: product } = account.store.get('product', price.product);
    return quantity === 1 ? product : `${quantity} × ${product}`;
  });
  return html`<tr>
    <td>${name ?? email ?? subscription.customer}</td>
    <td>${products.join(', ')}</td>
    <td>${subscription.status}</td>
    <td>${day(subscription.items.data[0]?.current_period_end ?? 0)}</td>
  </tr>`;
};

function subscriptionTable(account: Account): Html {
  const subscriptions = account.store.all('subscription').slice(-50).toReversed();
  if (subscriptions.length === 0) return html`<p class="quiet">No subscriptions yet.</p>`;
  return html`<table>
    <tr>
      <th>Customer</th>
      <th>Products</th>
      <th>Status</th>
      <th>Period ends</th>
    </tr>
    ${subscriptions.map((each) => subscriptionRow(account, each))}
  </table>`;
}

/** The account at a glance, with a clock that can be moved forward. */
export function renderOverview(account: Account): Promise<string> {
  const events = account.store.all('event').slice(-30).toReversed();
  return page(
    'Stripe, on this machine',
    html`${clockSection(account.now())}
      <section>
        <h2>Subscriptions</h2>
        ${subscriptionTable(account)}
      </section>
      <section>
        <h2>Latest events</h2>
        <table>
          ${events.map(
            ({ type, created }) =>
              html`<tr>
                <td>${day(created)}</td>
                <td>${type}</td>
              </tr>`,
          )}
        </table>
      </section>`,
  );
}
