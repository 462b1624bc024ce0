import { defineErrors } from '../../kernel/core/index.ts';

export const spendingErrors = defineErrors('billing', {
  notCharged: { status: 409, title: 'The organization has no charges to limit' },
});
