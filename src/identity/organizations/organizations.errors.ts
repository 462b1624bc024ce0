import { defineErrors } from '../../kernel/core/index.ts';

export const organizationErrors = defineErrors('organizations', {
  notFound: { status: 404, title: 'There is no such organization' },
  slugTaken: { status: 409, title: 'Another organization has this slug' },
});
