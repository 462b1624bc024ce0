import { exampleId } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { userEventSchema } from './users.schemas.ts';

/** Accounts belong to people, not to organizations: nothing of them is public. */
const defineUserEvent = (type: string, description: string) =>
  defineEvent({
    type,
    description,
    payload: userEventSchema,
    example: { userId: exampleId('user') },
    key: ({ userId }) => userId,
    internal: true,
  });

export const userSignedUp = defineUserEvent('user.signed_up', 'A user created an account.');
export const userUpdated = defineUserEvent('user.updated', 'The profile of a user changed.');
export const emailVerified = defineUserEvent('user.email_verified', 'A user verified their email address.');
export const passwordChanged = defineUserEvent(
  'user.password_changed',
  'The password of a user was changed or reset.',
);
export const accountSecured = defineUserEvent(
  'user.account_secured',
  'The owner of an address took the account back: its password, sessions and newest API keys ended.',
);

export const signUpRepeated = defineUserEvent(
  'user.sign_up_repeated',
  'A sign-up was refused because the address has an account.',
);

export const userEvents = [
  userSignedUp,
  userUpdated,
  emailVerified,
  passwordChanged,
  accountSecured,
  signUpRepeated,
];
