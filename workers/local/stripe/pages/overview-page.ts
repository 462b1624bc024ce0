import { html } from 'hono/html';
import type { Account } from '../account/account.ts';
import type { Subscription } from '../account/stored.ts';
import { day, type Html, page } from '../../stand-in/layout.ts';

/** Steps by which somebody moves the clock. */
const STEPS: [name: string, days: number][] = [
  ['1 hour', 1 / 24],
  ['1 day', 1],
  ['3 days', 3],
  ['1 week', 7],
  ['1 month', 31],
  ['1 year', 366],
];

const subscriptionRow = (account: Account, subscription: Subscription): Html => {
  const { email, name } = account.store.get('customer', subscription.customer);
  const products = subscription.items.data.map(
    ({ price }) => account.store.get('product', price.product).name,
  );
  return html`<tr>
    <td>${name ?? email ?? subscription.customer}</td>
    <td>${products.join(', ')}</td>
    <td>${subscription.status}</td>
    <td>${day(subscription.items.data[0]?.current_period_end ?? 0)}</td>
  </tr>`;
};

/** The account at a glance, with a clock that can be moved forward. */
export function renderOverview(account: Account): Promise<string> {
  const subscriptions = account.store.all('subscription').slice(-50).toReversed();
  const events = account.store.all('event').slice(-30).toReversed();
  return page(
    'Stripe, on this machine',
    html`<section>
        <h2>Clock</h2>
        <p>${day(account.now())} UTC</p>
        <form method="post">
          ${STEPS.map(([name, days]) => html`<button name="seconds" value="${Math.round(days * 86_400)}">+ ${name}</button>`)}
        </form>
        <p class="quiet">Renewals, trials and retries happen on the way. The clock never goes back.</p>
      </section>
      <section>
        <h2>Subscriptions</h2>
        <table>
          <tr>
            <th>Customer</th>
            <th>Products</th>
            <th>Status</th>
            <th>Period ends</th>
          </tr>
          ${subscriptions.map((each) => subscriptionRow(account, each))}
        </table>
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
