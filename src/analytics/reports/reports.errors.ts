import { defineErrors } from '../../kernel/core/index.ts';

export const reportErrors = defineErrors('reports', {
  notFound: { status: 404, title: 'The report was not found' },
  tooMany: { status: 409, title: 'The organization has the maximum number of reports' },
  tooLarge: { status: 422, title: 'The report takes too long to compute' },
});
