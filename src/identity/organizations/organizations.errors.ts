import { defineErrors } from '../../kernel/core/index.ts';

export const organizationErrors = defineErrors('organizations', {
  notFound: { status: 404, title: 'The organization was not found' },
  tooMany: { status: 403, title: 'The user has created the maximum number of organizations' },
  held: {
    status: 409,
    title: 'A recording of the organization in the storage of the product is held; release it first',
  },
  slugTaken: { status: 409, title: 'Another organization uses this slug' },
});
