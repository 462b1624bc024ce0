import { defineErrors } from '../../kernel/core/index.ts';

export const priceErrors = defineErrors('prices', {
  notFound: { status: 404, title: 'The price was not found' },
  inUse: { status: 409, title: 'Costs were calculated with this price, so it cannot be deleted' },
});
