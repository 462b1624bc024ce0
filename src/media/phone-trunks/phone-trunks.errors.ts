import { defineErrors } from '../../kernel/core/index.ts';

export const phoneTrunkErrors = defineErrors('phone_trunks', {
  notFound: { status: 404, title: 'The trunk was not found' },
  tooMany: { status: 409, title: 'The organization has as many trunks as it can' },
  noUsername: { status: 409, title: 'The trunk has no user name to which a password belongs' },
});
