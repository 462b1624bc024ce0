import { defineErrors } from '../../kernel/core/index.ts';

export const invoiceErrors = defineErrors('invoices', {
  notFound: { status: 404, title: 'The invoice was not found' },
  noUpcoming: { status: 404, title: 'There is no upcoming invoice' },
  notCreditable: { status: 409, title: 'The invoice cannot be credited in this way' },
  creditTooLarge: { status: 422, title: 'The amount is more than can be credited' },
});
