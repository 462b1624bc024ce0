import { defineErrors } from '../../kernel/core/index.ts';

export const insightErrors = defineErrors('cost_insights', {
  notFound: { status: 404, title: 'The insight was not found' },
});
