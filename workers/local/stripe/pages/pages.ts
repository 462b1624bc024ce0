import { secondsOf } from '../../stand-in/clock-section.ts';
import type { PageAnswer } from '../../stand-in/http.ts';
import type { Account } from '../account/account.ts';
import { advanceAccountClock } from '../account/clock.ts';
import { StripeFailure } from '../http/errors.ts';
import { renderCheckout } from './checkout-page.ts';
import { completeCheckout } from './complete-checkout.ts';
import { invoicePdf, payOnPage, renderInvoice } from './invoice-page.ts';
import { renderOverview } from './overview-page.ts';
import { actOnPortal, cardOfForm, type PageForm } from './portal-actions.ts';
import { renderPortal } from './portal-page.ts';

/** The message of a refusal, for the page; anything else is an error of this program. */
function problemOf(run: () => void): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof StripeFailure) return error.body.message;
    throw error;
  }
}

async function submitCheckout(account: Account, id: string, form: PageForm): Promise<PageAnswer> {
  const input = {
    card: cardOfForm(form),
    email: form.email ?? '',
    name: form.name ?? '',
    country: (form.country ?? '').toUpperCase(),
    promotionCode: form.code ?? '',
    taxId: (form.tax_id ?? '').replaceAll(' ', '').toUpperCase(),
  };
  const problem = problemOf(() => void account.run(() => completeCheckout(account, id, input)));
  if (problem !== undefined) return { html: await renderCheckout(account, id, problem) };
  const { success_url: url } = account.store.get('checkout.session', id);
  return { redirect: (url ?? '/').replaceAll('{CHECKOUT_SESSION_ID}', id) };
}

async function submitPortal(account: Account, id: string, form: PageForm): Promise<PageAnswer> {
  const problem = problemOf(() => account.run(() => actOnPortal(account, id, form)));
  return { html: await renderPortal(account, id, problem) };
}

async function submitInvoice(account: Account, id: string): Promise<PageAnswer> {
  return {
    html: await renderInvoice(
      account,
      id,
      account.run(() => payOnPage(account, id)),
    ),
  };
}

async function submitOverview(account: Account, form: PageForm): Promise<PageAnswer> {
  const seconds = secondsOf(form);
  if (seconds !== undefined) advanceAccountClock(account, seconds);
  return { html: await renderOverview(account) };
}

/**
 * Answers a browser: the overview, a checkout, the portal or an invoice. Undefined when the path is none of these.
 * @throws StripeFailure 404 when there is no such session or invoice
 */
export async function answerPage(
  account: Account,
  path: string,
  form: PageForm | undefined,
): Promise<PageAnswer | undefined> {
  const [, name, id = '', rest] = path.split('/');
  if (path === '/') return form ? submitOverview(account, form) : { html: await renderOverview(account) };
  switch (name) {
    case 'checkout':
      return form ? submitCheckout(account, id, form) : { html: await renderCheckout(account, id) };
    case 'portal':
      return form ? submitPortal(account, id, form) : { html: await renderPortal(account, id) };
    case 'invoices':
      if (rest === 'pdf') return { pdf: invoicePdf(account.store.get('invoice', id)) };
      return form ? submitInvoice(account, id) : { html: await renderInvoice(account, id) };
    default:
      return undefined;
  }
}
