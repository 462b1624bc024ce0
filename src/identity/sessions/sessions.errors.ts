import { defineErrors } from '../../kernel/core/index.ts';

export const sessionErrors = defineErrors('accounts', {
  refreshTokenInvalid: { status: 401, title: 'The refresh token is unknown, expired or revoked' },
  refreshTokenReused: { status: 401, title: 'The refresh token was used before; its session has been ended' },
  refreshInProgress: { status: 409, title: 'Another request has just used this refresh token' },
  sessionEnded: { status: 401, title: 'The session has ended' },
  sessionNotFound: { status: 404, title: 'The session was not found or has ended' },
  notAMember: { status: 404, title: 'You are not a member of this organization' },
});
