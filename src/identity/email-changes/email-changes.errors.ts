import { defineErrors } from '../../kernel/core/index.ts';

export const emailChangeErrors = defineErrors('accounts', {
  emailChangeInvalid: {
    status: 400,
    title: 'The token of the change of address is unknown, used, expired or superseded',
  },
  tooManyEmailChanges: { status: 429, title: 'Too many changes of the email address were requested' },
});
