import { defineErrors } from '../../kernel/core/index.ts';

export const organizationErrors = defineErrors('organizations', {
  notFound: { status: 404, title: 'The organization was not found' },
  slugTaken: { status: 409, title: 'Another organization uses this slug' },
});
