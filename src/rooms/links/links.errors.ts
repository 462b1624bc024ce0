import { defineErrors } from '../../kernel/core/index.ts';

export const linkErrors = defineErrors('links', {
  notFound: { status: 404, title: 'There is no such link' },
  callNotFound: { status: 404, title: 'There is no such call' },
  notYours: { status: 403, title: 'Who made the link and is no host of the room may only restrict it' },
  expiryInPast: { status: 422, title: 'The link would have expired already' },

  inactive: { status: 403, title: 'The link is switched off' },
  expired: { status: 403, title: 'The link has expired' },
  exhausted: { status: 403, title: 'The link has been used as often as it may be' },
  callEnded: { status: 403, title: 'The call that the link is for is over' },
  restricted: { status: 403, title: 'The link is for members of its organization' },
  passwordRequired: { status: 401, title: 'The link asks for a password' },
  wrongPassword: { status: 401, title: 'The password is wrong' },
  tooManyAttempts: { status: 429, title: 'The password was guessed too often' },
});
