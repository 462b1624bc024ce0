import { defineErrors } from '../../kernel/core/index.ts';

export const compressionConfigErrors = defineErrors('compression', {
  configNotFound: { status: 404, title: 'The compression config was not found' },
  userNotFound: { status: 404, title: 'The user is not a member of the organization' },
});
