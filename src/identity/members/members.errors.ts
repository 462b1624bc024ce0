import { defineErrors } from '../../kernel/core/index.ts';

export const memberErrors = defineErrors('members', {
  notFound: { status: 404, title: 'There is no such member' },
  lastOwner: { status: 409, title: 'An organization keeps at least one active owner' },
  beyondAuthority: { status: 403, title: 'The role holds more than the caller does' },
});
