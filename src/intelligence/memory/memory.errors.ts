import { defineErrors } from '../../kernel/core/index.ts';

export const memoryErrors = defineErrors('memories', {
  notFound: { status: 404, title: 'The memory was not found' },
  sourceNotFound: { status: 404, title: 'The source of the memory was not found' },
  switchedOff: { status: 409, title: 'Your memory is switched off' },
  exists: { status: 409, title: 'A memory with this text already exists' },
  widerAudience: { status: 422, title: 'The memory would be visible to more people than its source' },
  notMergeable: { status: 409, title: 'The memories cannot be merged' },
  notMerged: { status: 409, title: 'The memory is not merged' },
  expiryInPast: { status: 422, title: 'The expiry is in the past' },
});
