import { defineErrors } from '../../kernel/core/index.ts';

export const budgetErrors = defineErrors('ai_budgets', {
  notFound: { status: 404, title: 'The organization has no budget for AI' },
});
