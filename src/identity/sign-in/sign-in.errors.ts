import { defineErrors } from '../../kernel/core/index.ts';

export const signInErrors = defineErrors('accounts', {
  emailTaken: { status: 409, title: 'An account with this email address exists already' },
  invalidCredentials: { status: 401, title: 'The email address or the password is wrong' },
  deletionScheduled: {
    status: 403,
    title: 'The account is to be deleted; restore it to sign in',
  },
  wrongPassword: { status: 403, title: 'The current password is wrong' },
});
