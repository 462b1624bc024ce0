import { html } from 'hono/html';
import type { Account } from '../account/account.ts';
import type { Invoice, Line } from '../account/stored.ts';
import { collect } from '../invoices/collect.ts';
import { day, money, page } from '../../stand-in/layout.ts';
import { textPdf } from '../../stand-in/pdf.ts';

const lineRow = ({ description, amount, currency, period }: Line) =>
  html`<tr>
    <td>${description}</td>
    <td class="quiet">${day(period.start)} – ${day(period.end)}</td>
    <td class="amount">${money(amount, currency)}</td>
  </tr>`;

/** The tax ids of the customer, as they were when the invoice was made. */
const taxIdsOf = ({ customer_tax_ids: ids }: Invoice): string[] =>
  (ids ?? []).flatMap(({ value }) => value ?? []);

/** An invoice as its customer sees it, with a way to pay it while it is open. */
export function renderInvoice(account: Account, id: string, problem?: string): Promise<string> {
  const invoice = account.store.get('invoice', id);
  const taxes = (invoice.total_taxes ?? []).reduce((sum, tax) => sum + tax.amount, 0);
  return page(
    `Invoice ${invoice.number ?? ''}`,
    html`${problem === undefined ? '' : html`<p role="alert">${problem}</p>`}
      <p>
        ${[invoice.customer_name ?? invoice.customer_email, ...taxIdsOf(invoice)].join(', ')} ·
        ${day(invoice.created)} UTC · ${invoice.status}
      </p>
      <section>
        <table>
          ${invoice.lines.data.map(lineRow)}
          <tr>
            <td>Tax</td>
            <td></td>
            <td class="amount">${money(taxes, invoice.currency)}</td>
          </tr>
          <tr>
            <th>Total</th>
            <td></td>
            <th class="amount">${money(invoice.total, invoice.currency)}</th>
          </tr>
          <tr>
            <th>Due</th>
            <td></td>
            <th class="amount">${money(invoice.amount_remaining, invoice.currency)}</th>
          </tr>
        </table>
      </section>
      ${invoice.status === 'open' ? html`<form method="post"><button>Pay with the saved card</button></form>` : ''}
      <p><a href="${id}/pdf">PDF</a></p>`,
  );
}

/** Pays an open invoice while the customer is there. Returns why that failed, if it did. */
export function payOnPage(account: Account, id: string): string | undefined {
  return collect(account, id, { onSession: true }).declined?.message;
}

/** A plain PDF of one page. */
export const invoicePdf = (invoice: Invoice): Buffer =>
  textPdf([
    `Invoice ${invoice.number ?? ''}`,
    ...taxIdsOf(invoice).map((value) => `Tax id of the customer: ${value}`),
    ...invoice.lines.data.map((line) => `${line.description}   ${money(line.amount, line.currency)}`),
    `Total ${money(invoice.total, invoice.currency)}`,
  ]);
