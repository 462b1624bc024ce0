import { defineErrors } from '../../kernel/core/index.ts';

export const priceErrors = defineErrors('prices', {
  notFound: { status: 404, title: 'The price was not found' },
  inUse: { status: 409, title: 'The price cannot be deleted: costs were calculated with it' },
});
