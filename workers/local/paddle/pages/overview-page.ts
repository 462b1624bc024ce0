import { html } from 'hono/html';
import { clockSection } from '../../stand-in/clock-section.ts';
import { type Html, minutes, page } from '../../stand-in/layout.ts';
import type { Account } from '../account/account.ts';
import type { Subscription } from '../account/stored.ts';
import { namesOf } from './portal-page.ts';

const subscriptionRow = (
  account: Account,
  { customer_id, items, status, next_billed_at: next }: Subscription,
) => {
  const { name, email } = account.store.get('customer', customer_id);
  return html`<tr>
    <td>${name ?? email}</td>
    <td>${namesOf(items)}</td>
    <td>${status}</td>
    <td>${minutes(next)}</td>
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
      <th>Next payment</th>
    </tr>
    ${subscriptions.map((each) => subscriptionRow(account, each))}
  </table>`;
}

/** The account at a glance, with a clock that can be moved forward. */
export function renderOverview(account: Account): Promise<string> {
  const events = account.store.all('event').slice(-30).toReversed();
  return page(
    'Paddle, on this machine',
    html`${clockSection(account.now())}
      <section>
        <h2>Subscriptions</h2>
        ${subscriptionTable(account)}
      </section>
      <section>
        <h2>Latest events</h2>
        <table>
          ${events.map(
            ({ event_type: type, occurred_at: at }) =>
              html`<tr>
                <td>${minutes(at)}</td>
                <td>${type}</td>
              </tr>`,
          )}
        </table>
      </section>`,
  );
}
