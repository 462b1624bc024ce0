import { defineErrors } from '../../kernel/core/index.ts';

export const thoughtErrors = defineErrors('thoughts', {
  chainNotFound: { status: 404, title: 'The chain of thoughts was not found' },
  notInChain: { status: 422, title: 'The chain has no thought of this number' },
  chainFull: { status: 409, title: 'The chain has reached its limit of thoughts' },
  tooManyKept: { status: 409, title: 'The user or API key has reached the limit of kept thoughts' },
});
