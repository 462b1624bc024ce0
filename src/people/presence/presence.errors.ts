import { defineErrors } from '../../kernel/core/index.ts';

export const presenceErrors = defineErrors('presence', {
  expiryInPast: { status: 422, title: 'The expiry is in the past' },
});
