import { defineErrors } from '../../kernel/core/index.ts';

export const compressionConfigErrors = defineErrors('compression', {
  configNotFound: { status: 404, title: 'There is no such compression config' },
  userNotFound: { status: 404, title: 'The user is not a member of the organization' },
});
