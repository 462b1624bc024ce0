import { defineErrors } from '../../kernel/core/index.ts';

export const phoneTrunkErrors = defineErrors('phone_trunks', {
  notFound: { status: 404, title: 'The trunk was not found' },
  tooMany: { status: 409, title: 'The organization has too many trunks' },
  noUsername: { status: 409, title: 'The trunk has no user name for the password' },
});
