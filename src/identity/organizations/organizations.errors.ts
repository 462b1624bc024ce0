import { defineErrors } from '../../kernel/core/index.ts';

export const organizationErrors = defineErrors('organizations', {
  notFound: { status: 404, title: 'The organization was not found' },
  tooMany: { status: 403, title: 'The user has as many organizations as they may create' },
  held: { status: 409, title: 'A recording of the organization is held in our storage: release it first' },
  slugTaken: { status: 409, title: 'Another organization uses this slug' },
});
