import { defineErrors } from '../../kernel/core/index.ts';

export const accountErrors = defineErrors('accounts', {
  emailTaken: { status: 409, title: 'There is an account with this e-mail address' },
  invalidCredentials: { status: 401, title: 'The e-mail address or the password is wrong' },
  wrongPassword: { status: 403, title: 'The current password is wrong' },
  refreshTokenInvalid: { status: 401, title: 'The refresh token is unknown, expired or revoked' },
  refreshTokenReused: { status: 401, title: 'The refresh token was used before; its session has been ended' },
  refreshInProgress: { status: 409, title: 'Another call has just exchanged this refresh token' },
  sessionEnded: { status: 401, title: 'The session has ended' },
  sessionNotFound: { status: 404, title: 'There is no such session' },
  notAMember: { status: 404, title: 'There is no such organization to switch to' },
  resetTokenInvalid: { status: 400, title: 'The password reset link is unknown, used or expired' },
  verificationTokenInvalid: { status: 400, title: 'The verification link is unknown or expired' },
  userNotFound: { status: 404, title: 'There is no such person' },
});
