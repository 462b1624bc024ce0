import { defineErrors } from '../../kernel/core/index.ts';

export const accountDeletionErrors = defineErrors('accounts', {
  soleOwner: {
    status: 409,
    title: 'The user is the only owner of an organization; transfer or delete it first',
  },
});
