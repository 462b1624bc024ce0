import { defineErrors } from '../../kernel/core/index.ts';

export const phoneNumberErrors = defineErrors('phone_numbers', {
  notFound: { status: 404, title: 'The phone number was not found' },
  tooMany: { status: 409, title: 'The organization has too many phone numbers' },
  taken: { status: 409, title: 'The number is in use already, perhaps by another organization' },
  noUsername: { status: 409, title: 'The phone number has no user name for the password' },
  unprotected: {
    status: 409,
    title: 'The phone number needs allowed networks, or a user name with a password',
  },
});
