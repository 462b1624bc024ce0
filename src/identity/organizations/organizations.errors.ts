import { defineErrors } from '../../kernel/core/index.ts';

export const organizationErrors = defineErrors('organizations', {
  notFound: { status: 404, title: 'The organization was not found' },
  tooMany: { status: 403, title: 'The user has as many organizations as they may create' },
  slugTaken: { status: 409, title: 'Another organization uses this slug' },
});
