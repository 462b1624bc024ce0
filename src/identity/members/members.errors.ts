import { defineErrors } from '../../kernel/core/index.ts';

export const memberErrors = defineErrors('members', {
  notFound: { status: 404, title: 'The member was not found' },
  lastOwner: { status: 409, title: 'The organization needs at least one active owner' },
  beyondAuthority: { status: 403, title: 'The role has permissions that you do not have' },
});
