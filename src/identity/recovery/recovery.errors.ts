import { defineErrors } from '../../kernel/core/index.ts';

export const recoveryErrors = defineErrors('accounts', {
  resetTokenInvalid: { status: 400, title: 'The password reset token is unknown, used or expired' },
  verificationTokenInvalid: { status: 400, title: 'The email verification token is unknown or expired' },
});
