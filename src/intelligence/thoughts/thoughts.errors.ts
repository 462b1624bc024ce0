import { defineErrors } from '../../kernel/core/index.ts';

export const thoughtErrors = defineErrors('thoughts', {
  chainNotFound: { status: 404, title: 'The chain of thoughts was not found' },
  notInChain: { status: 422, title: 'The chain has no thought of this number' },
  chainFull: { status: 409, title: 'The chain has as many thoughts as it can' },
  tooManyKept: { status: 409, title: 'As many thoughts are kept as can be for a user or API key' },
});
