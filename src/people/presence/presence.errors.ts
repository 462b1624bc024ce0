import { defineErrors } from '../../kernel/core/index.ts';

export const presenceErrors = defineErrors('presence', {
  expiryInPast: { status: 422, title: 'A status cannot end before it begins' },
});
