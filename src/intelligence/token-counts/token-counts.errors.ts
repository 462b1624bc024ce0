import { defineErrors } from '../../kernel/core/index.ts';

export const tokenCountErrors = defineErrors('ai', {
  notCounted: { status: 422, title: 'The provider of the model does not count tokens' },
});
