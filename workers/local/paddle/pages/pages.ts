import { secondsOf } from '../../stand-in/clock-section.ts';
import type { PageAnswer } from '../../stand-in/http.ts';
import { money } from '../../stand-in/layout.ts';
import { textPdf } from '../../stand-in/pdf.ts';
import type { Account } from '../account/account.ts';
import { advanceAccountClock } from '../account/clock.ts';
import type { CardDetails } from '../customers/payment-methods.ts';
import { PaddleFailure } from '../http/errors.ts';
import { backUrl, renderCheckout } from './checkout-page.ts';
import { completeCheckout } from './complete-checkout.ts';
import { renderOverview } from './overview-page.ts';
import { actOnPortal, renderPortal } from './portal-page.ts';

type PageForm = Record<string, string>;

const cardOf = (form: PageForm): CardDetails => ({
  number: (form.number ?? '').replaceAll(' ', ''),
  month: Number(form.month),
  year: Number(form.year),
  name: form.name ?? '',
});

/** The message of a refusal, for the page; anything else is an error of this program. */
function problemOf(run: () => string | undefined | void): string | undefined {
  try {
    return run() ?? undefined;
  } catch (error) {
    if (error instanceof PaddleFailure) return error.body.errors?.[0]?.message ?? error.body.detail;
    throw error;
  }
}

async function submitCheckout(account: Account, id: string, form: PageForm): Promise<PageAnswer> {
  const input = {
    card: cardOf(form),
    email: form.email ?? '',
    country: (form.country ?? '').toUpperCase(),
    code: form.code ?? '',
    taxNumber: (form.tax_number ?? '').replaceAll(' ', '').toUpperCase(),
  };
  const problem = problemOf(() => account.run(() => completeCheckout(account, id, input)));
  if (problem !== undefined) return { html: await renderCheckout(account, id, problem) };
  return { redirect: backUrl(account.store.get('transaction', id), 'return_url') ?? '/' };
}

async function submitPortal(account: Account, id: string, form: PageForm): Promise<PageAnswer> {
  const problem = problemOf(() => account.run(() => actOnPortal(account, id, form, cardOf(form))));
  return { html: await renderPortal(account, id, problem) };
}

async function submitOverview(account: Account, form: PageForm): Promise<PageAnswer> {
  const seconds = secondsOf(form);
  if (seconds !== undefined) advanceAccountClock(account, seconds);
  return { html: await renderOverview(account) };
}

function invoicePdf(account: Account, id: string): Buffer {
  const transaction = account.store.get('transaction', id);
  const { details, invoice_number: number, currency_code: currency, business_id: business } = transaction;
  const taxNumber = business === null ? null : account.store.get('business', business).tax_identifier;
  return textPdf([
    `Invoice ${number ?? ''}`,
    ...(taxNumber === null ? [] : [`Tax number of the customer: ${taxNumber}`]),
    ...details.line_items.map(
      ({ product, totals }) => `${product.name}   ${money(Number(totals.total), currency)}`,
    ),
    `Total ${money(Number(details.totals.total), currency)}`,
  ]);
}

function creditNotePdf(account: Account, id: string): Buffer {
  const { totals, transaction_id: transaction } = account.store.get('adjustment', id);
  return textPdf([
    `Credit note for ${transaction}`,
    `Total ${money(Number(totals.total), totals.currency_code)}`,
  ]);
}

/**
 * Answers a browser: the overview, a checkout, the portal or an invoice. Undefined when the path is none of these.
 * @throws PaddleFailure 404 when there is no such transaction or session
 */
export async function answerPage(
  account: Account,
  url: URL,
  form: PageForm | undefined,
): Promise<PageAnswer | undefined> {
  const [, name, id = ''] = url.pathname.split('/');
  if (name === '') return form ? submitOverview(account, form) : { html: await renderOverview(account) };
  const transaction = url.searchParams.get('_ptxn') ?? '';
  switch (name) {
    case 'pay':
      return form
        ? submitCheckout(account, transaction, form)
        : { html: await renderCheckout(account, transaction) };
    case 'portal':
      return form ? submitPortal(account, id, form) : { html: await renderPortal(account, id) };
    case 'invoices':
      return { pdf: invoicePdf(account, id) };
    case 'credit-notes':
      return { pdf: creditNotePdf(account, id) };
    default:
      return undefined;
  }
}
