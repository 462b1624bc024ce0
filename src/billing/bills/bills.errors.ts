import { defineErrors } from '../../kernel/core/index.ts';

export const billErrors = defineErrors('bills', {
  tooMuchUsage: { status: 422, title: 'The period has usage of more than 10,000 models and regions' },
});
