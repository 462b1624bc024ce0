import { defineErrors } from '../../kernel/core/index.ts';

export const linkErrors = defineErrors('links', {
  notFound: { status: 404, title: 'The link was not found' },
  callNotFound: { status: 404, title: 'The call was not found' },
  notYours: { status: 403, title: 'You are not a host of the room and can only restrict this link' },
  expiryInPast: { status: 422, title: 'The expiry of the link is in the past' },

  inactive: { status: 403, title: 'The link is inactive' },
  expired: { status: 403, title: 'The link has expired' },
  exhausted: { status: 403, title: 'The link has reached its maximum number of uses' },
  callEnded: { status: 403, title: 'The call of the link has ended' },
  restricted: { status: 403, title: 'Only members of its organization can use the link' },
  passwordRequired: { status: 401, title: 'The link requires a password' },
  wrongPassword: { status: 401, title: 'The password is wrong' },
  tooManyAttempts: { status: 429, title: 'Too many wrong passwords' },
});
