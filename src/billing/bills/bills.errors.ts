import { defineErrors } from '../../kernel/core/index.ts';

export const billErrors = defineErrors('bills', {
  tooMuchUsage: { status: 422, title: 'The usage of the period has more than 10,000 models and regions' },
});
