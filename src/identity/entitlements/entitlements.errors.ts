import { defineErrors } from '../../kernel/core/index.ts';

export const entitlementErrors = defineErrors('billing', {
  limitReached: { status: 402, title: 'The plan does not allow more' },
  featureNotIncluded: { status: 402, title: 'The plan does not include this' },
});
